package dev.gramme.handoff;

import dev.gramme.ring.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the delivery of hints to one owner stands. */
final class OwnerDelivery {
    /**
     * @param pointer the hint was one to the own state
     * @param digest of what was sent
     */
    record Sent(HintBook.Hint hint, boolean pointer, long digest) {
        NodeId owner() {
            return hint.owner();
        }
    }

    int waiting;
    boolean failed;
    /** Where the next batch begins; past the partitions of a batch that failed, so that one that can't be written keeps nobody waiting. */
    int partition;

    int nextPartition;
    /** How many hints are looked at for a batch: few while they are large, so that few are in memory. */
    int limit;

    long nextNanos = Long.MIN_VALUE;
    long timeoutNanos;
    long nextHandOnNanos = Long.MIN_VALUE;
    long backoffMillis = HintDelivery.FIRST_BACKOFF_MILLIS;
    /** Of the last batch, given up or not: who answers late has the hint all the same. */
    final Map<Long, Sent> sent = new LinkedHashMap<>();

    /** @param limit of a batch while hints are small */
    OwnerDelivery(int limit) {
        this.limit = limit;
    }
}
