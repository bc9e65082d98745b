package dev.gramme.membership;

import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.TimeToLive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The properties of all buckets that were ever given any: a join-semilattice, so nodes that exchange tables in any order end with the same one.
 *
 * <p>At most {@link BucketProperties#MAX_BUCKETS_WITH_PROPERTIES}: of more, those with the least names stay. That choice commutes with merging (what is
 * among the least of all is among the least of any part), where "first come" would not.
 *
 * @param byBucket unmodifiable
 */
public record BucketTable(SortedMap<String, BucketProperties> byBucket) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** By time, then by content only to have a total order: two nodes that set a bucket at the same reading must agree in the end. */
    private static final Comparator<BucketProperties> PRECEDENCE = Comparator.comparingLong(BucketProperties::time)
            .thenComparing(BucketProperties::policy)
            .thenComparingInt(BucketProperties::r)
            .thenComparingInt(BucketProperties::w)
            .thenComparingInt(BucketProperties::ttlSeconds);

    public BucketTable {
        byBucket = Collections.unmodifiableSortedMap(new TreeMap<>(byBucket));
    }

    /** Of two properties of one bucket the one that holds. */
    static BucketProperties later(BucketProperties a, BucketProperties b) {
        return PRECEDENCE.compare(a, b) >= 0 ? a : b;
    }

    /** The join with {@code others}; those that are no valid properties of any bucket are left out, on every node alike. */
    public BucketTable merge(Collection<BucketProperties> others, int replicas) {
        SortedMap<String, BucketProperties> merged = new TreeMap<>(byBucket);
        for (BucketProperties other : others) {
            if (objection(other, replicas).isEmpty() && other.time() > 0 && other.time() < Long.MAX_VALUE) {
                merged.merge(other.bucket(), other, BucketTable::later);
            }
        }
        while (merged.size() > BucketProperties.MAX_BUCKETS_WITH_PROPERTIES) {
            merged.remove(merged.lastKey());
        }
        return new BucketTable(merged);
    }

    /** Whether one more bucket, {@code name}, has room. */
    public boolean hasRoomFor(String name) {
        return byBucket.containsKey(name) || byBucket.size() < BucketProperties.MAX_BUCKETS_WITH_PROPERTIES;
    }

    /** Why these can't be a bucket's properties, told to who set them; empty if they can. */
    public static String objection(BucketProperties properties, int replicas) {
        if (!NAME.matcher(properties.bucket()).matches()) {
            return "a bucket's name has 1 to 64 letters, digits, dots, dashes or underscores, not '"
                    + properties.bucket() + "'";
        }
        if (properties.r() < 1 || properties.r() > replicas) {
            return "r must be 1 to N = " + replicas + ", not " + properties.r();
        }
        if (properties.w() < 1 || properties.w() > replicas) {
            return "w must be 1 to N = " + replicas + ", not " + properties.w();
        }
        if (!TimeToLive.isOfBucket(properties.ttlSeconds())) {
            return "ttlSeconds must be 0 (values never expire) or 1 to " + TimeToLive.MAX_SECONDS + ", not "
                    + properties.ttlSeconds();
        }
        return "";
    }

    public Message.BucketTable asMessage() {
        return new Message.BucketTable(new ArrayList<>(byBucket.values()));
    }

    /** Equal tables have equal hashes on every node: FNV-1a of the table as a message. */
    public long hash() {
        long hash = 0xCBF29CE484222325L;
        for (byte b : MessageCodec.encode(asMessage()).array()) {
            hash = (hash ^ b & 0xFF) * 0x100000001B3L;
        }
        return hash;
    }
}
