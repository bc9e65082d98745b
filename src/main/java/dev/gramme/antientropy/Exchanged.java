package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that is over, in figures.
 *
 * @param bucket only its keys were repaired; null: all
 * @param endedMillis wall clock
 * @param compared keys whose digests were compared
 * @param repairedHere keys of which the peer knew something that was not known here
 * @param repairedThere keys of which the peer was told something that it did not know
 * @param bytes of messages, both ways, about
 * @param tookNanos from its first message to its last
 */
public record Exchanged(
        int partition,
        NodeId peer,
        @Nullable String bucket,
        Outcome outcome,
        long endedMillis,
        long compared,
        long repairedHere,
        long repairedThere,
        long bytes,
        long tookNanos) {}
