package dev.gramme.wire;

import dev.gramme.version.ConflictPolicy;

/**
 * A bucket's settings, the same on every node; of two the one with the higher time holds.
 *
 * @param r default R of its gets, 1 to N
 * @param w default W of its puts, 1 to N
 * @param ttlSeconds how long values put into it live where the put does not say, 1 to {@link TimeToLive#MAX_SECONDS}; 0 if they never expire
 * @param time hybrid logical time of the change, 0 for the defaults
 */
public record BucketProperties(String bucket, ConflictPolicy policy, int r, int w, int ttlSeconds, long time) {
    public static final int MAX_BUCKETS_WITH_PROPERTIES = 1_024;

    /** Of values that never expire. */
    public BucketProperties(String bucket, ConflictPolicy policy, int r, int w, long time) {
        this(bucket, policy, r, w, 0, time);
    }

    /** R = W = 2, or 1 where N is 1; siblings are kept. */
    public static BucketProperties defaults(String bucket, int replicas) {
        int quorum = Math.min(2, replicas);
        return new BucketProperties(bucket, ConflictPolicy.SIBLINGS, quorum, quorum, 0);
    }
}
