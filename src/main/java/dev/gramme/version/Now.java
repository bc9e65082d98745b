package dev.gramme.version;

/**
 * The time, as an argument: pure rooms never ask a clock.
 *
 * @param nanos monotonic, for waiting; its zero means nothing
 * @param wallMillis since the epoch, for {@link HybridLogicalClock} and for what expires; it may jump
 */
public record Now(long nanos, long wallMillis) {}
