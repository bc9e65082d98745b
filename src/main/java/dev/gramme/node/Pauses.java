package dev.gramme.node;

/**
 * Notices that this process was stopped for a while (SIGSTOP, a suspended machine, a collector). What then lies in its queues and sockets is old:
 * whoever sent a put has gone to another node with it, and may have deleted by now what that node wrote. Minted here all the same, it would
 * come back from the dead. So for a moment after a pause no put is taken on; that nothing was done is true, and said.
 *
 * <p>No clock of another node is trusted for this. A put that is as late because the network held it is not noticed.
 */
final class Pauses {
    /** Ticks come every few milliseconds. Shorter than a node waits for a coordinator before it asks another. */
    static final long LONG_NANOS = 1_000_000_000;
    /** Longer than it takes to read what lay in the sockets. */
    static final long AWAKENING_NANOS = 500_000_000;

    private boolean started;
    private long lastNanos;
    private long awakeNanos;

    /** To be called with the time of each event. */
    void at(long nowNanos) {
        if (!started) {
            started = true;
            awakeNanos = nowNanos;
        } else if (nowNanos - lastNanos >= LONG_NANOS) {
            awakeNanos = nowNanos + AWAKENING_NANOS;
        }
        lastNanos = nowNanos;
    }

    boolean isAwakening() {
        return lastNanos - awakeNanos < 0;
    }
}
