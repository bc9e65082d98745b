package dev.gramme.ring;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a node holds to be true of the cluster at one moment: an immutable snapshot shared between its loops.
 *
 * @param liveness of every member of the ring, this node among them; unmodifiable
 */
public record View(Ring ring, SortedMap<NodeId, Liveness> liveness) {
    public View {
        liveness = Collections.unmodifiableSortedMap(new TreeMap<>(liveness));
    }

    public boolean isReadable(NodeId node) {
        Liveness known = liveness.get(node);
        return known != null && known.isReadable();
    }

    public boolean isWritable(NodeId node) {
        Liveness known = liveness.get(node);
        return known != null && known.isWritable();
    }

    public PreferenceList forReads(int partition) {
        return PreferenceList.of(ring, partition, this::isReadable);
    }

    public PreferenceList forWrites(int partition) {
        return PreferenceList.of(ring, partition, this::isWritable);
    }
}
