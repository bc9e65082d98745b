package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import java.util.List;

/**
 * How a round of collection ended, for people to see: told by its leader.
 *
 * @param committed else it was given up
 * @param keys that were to be forgotten
 * @param waitedFor members that had not done their part; empty if it was committed, or if one of them refused for now
 * @param atMillis wall-clock time
 */
public record Collected(int partition, boolean committed, int keys, List<NodeId> waitedFor, long atMillis) {
    public Collected {
        waitedFor = List.copyOf(waitedFor);
    }
}
