package dev.gramme.ring;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
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
    /** Only ever asked for one node: its order shows nowhere. */
    private final Set<NodeId> serving;

    private final SortedSet<NodeId> outsiders;
    private final SortedMap<NodeId, Integer> formerFormats;
    private final SortedMap<NodeId, Long> lives;

    private final @Nullable PreferenceList[] reads;
    private final @Nullable PreferenceList[] writes;

    /** While no change of the ring is under way. */
    public View(Ring ring, SortedMap<NodeId, Liveness> liveness) {
        this(Topology.settled(ring), liveness);
    }

    /** While nobody else is known. */
    public View(Topology topology, SortedMap<NodeId, Liveness> liveness) {
        this(topology, liveness, new TreeSet<>(), new TreeMap<>(), new TreeMap<>());
    }

    /**
     * @param liveness of every member of the ring, this node among them; who is missing counts as down
     * @param outsiders who is known and is a member of neither ring
     * @param formerFormats who is known to run a former program, with the newest format of messages that it understands
     * @param lives of who is known to understand them: see {@link #life}
     */
    public View(
            Topology topology,
            SortedMap<NodeId, Liveness> liveness,
            SortedSet<NodeId> outsiders,
            SortedMap<NodeId, Integer> formerFormats,
            SortedMap<NodeId, Long> lives) {
        this.formerFormats = Collections.unmodifiableSortedMap(new TreeMap<>(formerFormats));
        this.lives = Collections.unmodifiableSortedMap(new TreeMap<>(lives));
        this.topology = topology;
        this.ring = topology.reading();
        this.liveness = Collections.unmodifiableSortedMap(new TreeMap<>(liveness));
        this.serving = new LinkedHashSet<>(topology.needed());
        this.outsiders = Collections.unmodifiableSortedSet(new TreeSet<>(outsiders));
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

    /** Whether {@code node} is listened to: see {@link Topology#serves}. */
    public boolean serves(NodeId node) {
        return serving.contains(node);
    }

    /**
     * Whether {@code self}, whose view this is, takes clients' requests. One that comes new waits until every other member knows of it: before, they would
     * not listen to it.
     */
    public boolean takesRequests(NodeId self) {
        if (!serves(self) || topology.settled().members().containsKey(self)) {
            return serves(self);
        }
        Phase phase = topology.phase();
        return topology.transferring() || (phase != null && phase.isAtLeast(Phase.RECEIVED));
    }

    /** Who is known and is a member of neither ring: not yet, or not any more; then it may still keep something for members. In order of id. */
    public SortedSet<NodeId> outsiders() {
        return outsiders;
    }

    /** Who is known to run a former program, with the newest format of messages that it understands. */
    public SortedMap<NodeId, Integer> formerFormats() {
        return formerFormats;
    }

    /** Those of them that understand no message of {@code format}. */
    public SortedSet<NodeId> formers(int format) {
        SortedSet<NodeId> formers = new TreeSet<>();
        formerFormats.forEach((node, newest) -> {
            if (newest < format) {
                formers.add(node);
            }
        });
        return formers;
    }

    /** By node, what {@link #life} says. */
    public SortedMap<NodeId, Long> lives() {
        return lives;
    }

    /** A number of {@code node}'s process, new at each start; 0 if it is not known, or that node runs a former program, which can't be told. */
    public long life(NodeId node) {
        return lives.getOrDefault(node, 0L);
    }

    /** Whether {@code node} may be asked; never one that is gone by the operator's word. */
    public boolean isReadable(NodeId node) {
        Liveness known = liveness.get(node);
        return known != null && known.isReadable() && serving.contains(node);
    }

    /** Whether {@code node} may be written to; never one that is gone by the operator's word. */
    public boolean isWritable(NodeId node) {
        Liveness known = liveness.get(node);
        return known != null && known.isWritable() && serving.contains(node);
    }

    /** The owners by the ring that reads go by, and who stands in for them. */
    public PreferenceList forReads(int partition) {
        PreferenceList list = reads[partition];
        if (list == null) {
            list = PreferenceList.of(ring, partition, walk(partition), this::isReadable);
            reads[partition] = list;
        }
        return list;
    }

    /** The owners by either ring, those of the settled one first, and who stands in for them. */
    public PreferenceList forWrites(int partition) {
        PreferenceList list = writes[partition];
        if (list == null) {
            list = new StandIns(topology, partition, this::isWritable).list(walk(partition));
            writes[partition] = list;
        }
        return list;
    }

    /** Every member of either ring in order of preference, by the ring that reads go by first. */
    public List<NodeId> walk(int partition) {
        if (topology.target() == null) {
            return ring.walk(partition);
        }
        LinkedHashSet<NodeId> order = new LinkedHashSet<>(ring.walk(partition));
        order.addAll(topology.settled().walk(partition));
        order.addAll(topology.latest().walk(partition));
        return List.copyOf(order);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof View view
                && topology.equals(view.topology)
                && liveness.equals(view.liveness)
                && outsiders.equals(view.outsiders)
                && formerFormats.equals(view.formerFormats)
                && lives.equals(view.lives);
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
