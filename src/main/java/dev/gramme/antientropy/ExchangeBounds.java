package dev.gramme.antientropy;

/**
 * What the exchanges of a node, or of one loop of it, may take.
 *
 * @param atOnce exchanges under way that were begun here
 * @param bytesPerSecond of messages and states, both ways, about; 0 for no bound
 * @param intervalMillis every pair of owners of a partition compares once in this time
 */
public record ExchangeBounds(int atOnce, long bytesPerSecond, long intervalMillis) {
    public static final ExchangeBounds DEFAULT = new ExchangeBounds(4, 16L << 20, 3_600_000);

    /** @throws IllegalArgumentException if one is nonsense */
    public ExchangeBounds {
        if (atOnce < 1 || bytesPerSecond < 0 || intervalMillis < 1) {
            throw new IllegalArgumentException(
                    "a node has 1 exchange or more under way, at 0 (no bound) or more bytes a"
                            + " second, each once in 1 millisecond or more; not " + atOnce + ", " + bytesPerSecond
                            + ", "
                            + intervalMillis);
        }
    }

    public ExchangeBounds withInterval(long millis) {
        return new ExchangeBounds(atOnce, bytesPerSecond, millis);
    }

    /** The part of one loop in what a whole node may do. */
    public ExchangeBounds ofLoop(int loop, int loops) {
        int share = atOnce / loops + (loop < atOnce % loops ? 1 : 0);
        long bytes = bytesPerSecond == 0 ? 0 : Math.max(1, bytesPerSecond / loops);
        return new ExchangeBounds(Math.max(1, share), bytes, intervalMillis);
    }
}
