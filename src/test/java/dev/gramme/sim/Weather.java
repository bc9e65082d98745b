package dev.gramme.sim;

/**
 * What the network does to messages at present.
 *
 * @param drop share of messages lost without a word
 * @param duplicate share that arrives twice
 * @param delay share that is late by {@code delayNanos} on average
 * @param reorder messages of one link may overtake each other; else each link is first in, first out
 * @param notice share of the undeliverable ones of which the sender is told
 * @param lateCopy share of those that arrive that come once more, many seconds later
 * @param far every message takes {@link #FAR_LEAST_NANOS} to {@link #FAR_MOST_NANOS}
 */
record Weather(
        double drop,
        double duplicate,
        double delay,
        long delayNanos,
        boolean reorder,
        double notice,
        double lateCopy,
        boolean far) {
    /** One way: a round trip takes from 80 ms. */
    static final long FAR_LEAST_NANOS = 40 * Timeline.MILLI;
    /** One way: to 300 ms. */
    static final long FAR_MOST_NANOS = 150 * Timeline.MILLI;

    static final Weather FAIR = new Weather(0, 0, 0, 0, false, 1, 0, false);

    /** All that may pass has passed; distance does not. */
    Weather cleared() {
        return new Weather(0, 0, 0, 0, false, 1, 0, far);
    }

    /** Whether every message arrives, and soon enough that no wait for a healthy peer runs out. */
    boolean isReliable() {
        return drop == 0 && !far && (delay == 0 || delayNanos <= 5 * Timeline.MILLI);
    }
}
