package dev.gramme.ring;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node holds to be true of the cluster at one moment: an immutable snapshot shared between its loops.
 *
 * <p>Every request asks for a preference list, and a view lives for many requests: so each list is made once, when first asked for.
 * Two loops may make the same one at once; both are equal and immutable, so it does not matter whose stays.
 */
public final class View {
    private final Topology topology;
    private final Ring ring;
    private final SortedMap<NodeId, Liveness> liveness;
    private final @Nullable PreferenceList[] reads;
    private final @Nullable PreferenceList[] writes;

    /** While no change of the ring is under way. */
    public View(Ring ring, SortedMap<NodeId, Liveness> liveness) {
        this(Topology.settled(ring), liveness);
    }

    /** @param liveness of every member of the ring, this node among them; who is missing counts as down */
    public View(Topology topology, SortedMap<NodeId, Liveness> liveness) {
        this.topology = topology;
        this.ring = topology.reading();
        this.liveness = Collections.unmodifiableSortedMap(new TreeMap<>(liveness));
        this.reads = new PreferenceList[ring.partitions()];
        this.writes = new PreferenceList[ring.partitions()];
    }

    public Topology topology() {
        return topology;
    }

    /** The ring that reads go by. */
    public Ring ring() {
        return ring;
    }

    /** Of every member of the ring; unmodifiable. */
    public SortedMap<NodeId, Liveness> liveness() {
        return liveness;
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
        PreferenceList list = reads[partition];
        if (list == null) {
            list = PreferenceList.of(ring, partition, this::isReadable);
            reads[partition] = list;
        }
        return list;
    }

    public PreferenceList forWrites(int partition) {
        PreferenceList list = writes[partition];
        if (list == null) {
            list = PreferenceList.of(ring, partition, this::isWritable);
            writes[partition] = list;
        }
        return list;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof View view && topology.equals(view.topology) && liveness.equals(view.liveness);
    }

    @Override
    public int hashCode() {
        return 31 * topology.hashCode() + liveness.hashCode();
    }

    @Override
    public String toString() {
        return "View[topology=" + topology + ", liveness=" + liveness + "]";
    }
}
