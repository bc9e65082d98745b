package dev.gramme.node;

/** What a node's loops tell the controller of background work: how it goes for clients. */
public enum Foreground {
    /** Nanoseconds from when a loop takes up a client's read to its answer. */
    GETS(true, 10_000_000, 500_000_000, 10_000_000),
    /** Nanoseconds from when a loop takes up a client's write to its answer. Not one with reads: these wait for disks, and what is usual for them would let through what reads can't bear. */
    PUTS(true, 10_000_000, 500_000_000, 20_000_000),
    /** Nanoseconds from when a loop takes up a write that another node coordinates until this one's answer: it is durable. */
    REPLICA_WRITES(true, 10_000_000, 500_000_000, 20_000_000),
    /** Nanoseconds that a loop's tick comes late: what waits for the loop, or for a processor, waits as long. */
    LATE_TICKS(false, 20_000_000, 500_000_000, 20_000_000),
    /** Events that wait for a loop at its tick. */
    QUEUED_EVENTS(false, 64, 4_096, 64);

    /** Whether it comes with work for clients: where it does not come, there are none. */
    final boolean tellsOfClients;
    /** Nobody feels less. */
    final long leastLimit;
    /** However slow it is when it is quiet. */
    final long mostLimit;
    /**
     * As long as nobody knows what is quiet here, as on a newcomer, which takes over what it owns while clients ask it already. Less than the paper's example of a threshold (6.5), 50 ms: a fifth of
     * all requests, of a newcomer to four others, that may take so long are felt by all.
     */
    final long firstLimit;

    Foreground(boolean tellsOfClients, long leastLimit, long mostLimit, long firstLimit) {
        this.tellsOfClients = tellsOfClients;
        this.leastLimit = leastLimit;
        this.mostLimit = mostLimit;
        this.firstLimit = firstLimit;
    }
}
