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
 */
record Weather(
        double drop, double duplicate, double delay, long delayNanos, boolean reorder, double notice, double lateCopy) {
    static final Weather FAIR = new Weather(0, 0, 0, 0, false, 1, 0);

    /** Whether every message arrives, and soon enough that no wait for a healthy peer runs out. */
    boolean isReliable() {
        return drop == 0 && (delay == 0 || delayNanos <= 5 * Timeline.MILLI);
    }
}
