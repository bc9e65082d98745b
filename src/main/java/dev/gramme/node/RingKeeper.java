package dev.gramme.node;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.version.Now;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.RingTable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** This node's part in the ring: what it goes by, what it has kept, how far it is with a change. */
final class RingKeeper {
    private final ControlSettings settings;
    private Ring settled;

    RingKeeper(ControlSettings settings, @Nullable KeptTopology kept) {
        this.settings = settings;
        Ring initial = settings.initial();
        this.settled = kept != null
                ? kept.table().settled()
                : initial != null ? initial : Ring.nobodys(settings.partitions(), settings.replicas());
    }

    /** What this node goes by now. */
    Topology topology() {
        return Topology.settled(settled);
    }

    /** To be told to others. */
    RingTable table() {
        return new RingTable(settled, null, List.of());
    }

    /** Of {@link #table}: where two nodes' differ they exchange their tables. */
    long tableHash() {
        return settled.hash();
    }

    /** For this node's record. */
    RingProgress progress(Now now) {
        return new RingProgress(settled.version(), null, null, 0, 0, 0, 0);
    }

    /** A first exchange with another member has happened: nothing newer than an initial ring was there. */
    void peerHeard() {}

    /** @return empty, or why it can't be merged, for people */
    String merge(RingTable other, NodeId from) {
        Ring theirs = other.settled();
        if (theirs.version() == 0 || theirs.equals(settled)) {
            return "";
        }
        if (theirs.version() > settled.version()) {
            settled = theirs;
        } else if (theirs.version() == settled.version()) {
            return "its ring is another than this node's: their lists of members, zones or weights differ; make them the same";
        }
        return "";
    }

    /** To be called whenever any member's record has changed; this node's is among them. */
    void members(SortedMap<NodeId, MemberRecord> records) {}

    /** {@link Event.TopologyKept}, {@link Event.LoopCaughtUp}, {@link Event.RangeReceived}, {@link Event.RangePulled}, {@link Event.Stored}. */
    void handle(Event.ForControl event, Now now) {}

    /** All but {@link ClusterCommand.Join}. */
    ClusterAnswer administer(
            ClusterCommand command, SortedMap<NodeId, MemberRecord> records, SortedMap<NodeId, Liveness> liveness) {
        return ClusterAnswer.refused("the ring of this cluster can't be changed yet");
    }

    /** This node, alone in its ring and empty, is to join another cluster: it knows no ring any more. */
    void giveUpRing() {
        settled = Ring.nobodys(settings.partitions(), settings.replicas());
    }

    RingStatus status(SortedMap<NodeId, MemberRecord> records, SortedMap<NodeId, Liveness> liveness, Now now) {
        SortedMap<NodeId, RingProgress> progress = new TreeMap<>();
        records.forEach((id, record) -> progress.put(id, record.ring()));
        return new RingStatus(settled.version(), settled.hash(), null, progress, List.of(), List.of());
    }

    /** What is to be done, since the last call. */
    List<Effect> effects() {
        return List.of();
    }
}
