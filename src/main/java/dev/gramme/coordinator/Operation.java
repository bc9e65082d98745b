package dev.gramme.coordinator;

/** A request under way. Its id is that of each message it sends, so replies find it by it. */
abstract sealed class Operation permits Forwarding, PutCoordination, GetCoordination {
    static final long NEVER = Long.MAX_VALUE;

    final long id;
    final int partition;
    /** By which this node went when it began, or of the oldest hint that it rests on ({@link dev.gramme.wire.Stamps}). */
    final long stamp;
    /** The earliest time an entry in {@link Deadlines} will wake it. */
    long armedNanos = NEVER;
    /** Whether it counts among the requests not yet answered. */
    boolean counted = true;
    /** Of the topology it began under. */
    long epoch;

    Operation(long id, int partition, long stamp) {
        this.id = id;
        this.partition = partition;
        this.stamp = stamp;
    }

    /** The client has its answer. */
    abstract boolean isAnswered();

    /** Nothing is waited for any more. */
    abstract boolean isFinished();

    /** When it wants to be woken next. */
    abstract long wakeNanos();

    /** The time it asked for has come, or an earlier one. */
    abstract void wake(Turn turn);

    /** It is over: gives back what it holds of {@link PeerLatency}. */
    abstract void release();
}
