package dev.gramme.sim.history;

import dev.gramme.ring.Key;

/** The two buckets of every simulation. */
public final class Bucket {
    public static final String SIBLINGS = "carts";
    public static final String LAST_WRITE_WINS = "caches";

    private Bucket() {}

    public static boolean isLastWriteWins(Key key) {
        return key.bucket().equals(LAST_WRITE_WINS);
    }
}
