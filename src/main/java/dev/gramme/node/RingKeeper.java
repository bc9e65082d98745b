package dev.gramme.node;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.version.Now;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.RingTable;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * This node's part in the ring: what it goes by, what it has kept, how far it is with a change. {@link PhaseRule} says how members agree and why that is
 * safe; this class hears the others, and tells them only what is on this node's disk.
 *
 * <p>What it tells of a change is what it goes by itself, not the highest it has heard of: a locked member does not spread the rivals of its proposal, so
 * that who comes without memory learns the one that can still succeed.
 *
 * <p>A node without any memory (new, or its disk was wiped) goes by nobody's ring until it has heard. Into the middle of a change it is let only by a member
 * that the change needs, and then it holds fast to that as if it were LOCKED: before its disk was wiped it may have been.
 */
final class RingKeeper {
    private final ControlSettings settings;
    private final RingStanding standing;
    private final StagedChanges staged;
    private final TopologyKeeping keeping;
    private final TransferFigures figures = new TransferFigures();
    private SortedMap<NodeId, MemberRecord> records = new TreeMap<>();
    private SortedMap<NodeId, String> bridges;
    private @Nullable Ring initial;
    private @Nullable Proposal rival;
    private boolean heardOfRing;
    private boolean wantsIn;

    RingKeeper(ControlSettings settings, @Nullable KeptTopology kept) {
        this(settings, kept, PhaseRule.UNANIMITY);
    }

    RingKeeper(ControlSettings settings, @Nullable KeptTopology kept, PhaseRule rule) {
        this.settings = settings;
        Ring nobodys = Ring.nobodys(settings.partitions(), settings.replicas());
        this.standing = new RingStanding(settings.self(), settings.loops(), nobodys, rule);
        this.bridges = kept == null ? settings.bridges() : kept.bridges();
        this.staged = kept == null
                ? new StagedChanges(0, List.of())
                : new StagedChanges(
                        kept.table().settled().version(), kept.table().staged());
        if (kept != null) {
            requireSameShape(kept.table().settled());
            standing.resume(kept);
            StagedChange own = staged.of(settings.self());
            wantsIn = own != null && own.kind() == StagedChange.Kind.JOIN;
        }
        this.initial = kept == null ? settings.initial() : null;
        this.keeping = new TopologyKeeping(newest());
        if (initial != null && initial.members().size() == 1) {
            beginWithInitial();
        }
    }

    private void requireSameShape(Ring ring) {
        if (ring.partitions() != settings.partitions() || ring.replicas() != settings.replicas()) {
            throw new IllegalArgumentException("the ring that this node kept has Q = " + ring.partitions() + " and N = "
                    + ring.replicas() + ", it was started with Q = " + settings.partitions() + " and N = "
                    + settings.replicas() + ": both are fixed for the cluster's life, start it as before");
        }
    }

    /** What this node goes by now. */
    Topology topology() {
        return standing.topology();
    }

    /** To be told to others: what is kept of what this node goes by. */
    RingTable table() {
        return keeping.durable().table();
    }

    /** Of {@link #table}: where two nodes' differ they exchange their tables. */
    long tableHash() {
        RingTable table = table();
        Proposal proposal = table.proposal();
        long hash = table.settled().hash();
        hash = 31 * hash
                + (proposal == null
                        ? 0
                        : 31L * proposal.id().hashCode() + proposal.id().hash());
        for (StagedChange change : table.staged()) {
            // Not the record's own hash code: an enum's differs from process to process.
            NodeId successor = change.successor();
            hash = 31 * hash + change.node().hashCode();
            hash = 31 * hash + change.number();
            hash = 31 * hash + change.base();
            hash = 31 * hash + change.kind().ordinal();
            hash = 31 * hash + change.weight();
            hash = 31 * hash + (successor == null ? 0 : successor.hashCode());
        }
        return hash;
    }

    /** For this node's record: only what is on the disk. To be called after each event. */
    RingProgress progress(Now now) {
        figures.tick(now);
        keeping.tick(now);
        return told();
    }

    private RingProgress told() {
        KeptTopology durable = keeping.durable();
        Proposal proposal = durable.table().proposal();
        return new RingProgress(
                durable.table().settled().version(),
                proposal == null ? null : proposal.id(),
                durable.phase(),
                standing.gained(),
                Math.min(durable.received().cardinality(), standing.gained()),
                figures.bytes(),
                figures.bytesPerSecond());
    }

    /** A first exchange with another member has happened: nothing newer than an initial ring was there. */
    void peerHeard() {
        boolean known =
                records.values().stream().anyMatch(record -> record.ring().settled() > 0 && !isSelf(record));
        if (initial != null && !heardOfRing && !known) {
            beginWithInitial();
        }
    }

    private boolean isSelf(MemberRecord record) {
        return record.id().equals(settings.self());
    }

    private void beginWithInitial() {
        Ring ring = initial;
        if (ring != null && standing.settled().version() == 0) {
            initial = null;
            settle(ring);
            keeping.knownAnyway(newest());
        }
    }

    /** @return empty, or why it can't be merged, for people */
    String merge(RingTable other, NodeId from) {
        Ring theirs = other.settled();
        Ring mine = standing.settled();
        Proposal proposal = other.proposal();
        if (theirs.version() == 0) {
            return "";
        }
        heardOfRing = true;
        if (theirs.partitions() != mine.partitions() || theirs.replicas() != mine.replicas()) {
            return "its ring has Q = " + theirs.partitions() + " and N = " + theirs.replicas() + ", this node's Q = "
                    + mine.partitions() + " and N = " + mine.replicas() + ": it belongs to another cluster";
        }
        if (mine.version() == 0) {
            if (proposal != null && !isNeeded(from, theirs, proposal)) {
                return "";
            }
            takeUp(theirs, proposal);
        } else if (theirs.version() > mine.version()) {
            settle(theirs);
        } else if (theirs.version() == mine.version() && !theirs.equals(mine)) {
            return "its ring is another than this node's, of the same version " + mine.version()
                    + ": their lists of members, zones or weights differ; make them the same";
        }
        if (theirs.version() == standing.settled().version()) {
            staged.merge(other.staged());
            if (proposal != null) {
                offer(proposal);
            }
        }
        proceed();
        return "";
    }

    private static boolean isNeeded(NodeId from, Ring settled, Proposal proposal) {
        return settled.members().containsKey(from) && !proposal.excluded().contains(from);
    }

    private void takeUp(Ring ring, @Nullable Proposal underWay) {
        wantsIn = !ring.members().containsKey(settings.self());
        settle(ring);
        if (underWay != null) {
            standing.takeUp(ring, underWay);
        }
    }

    private void settle(Ring ring) {
        standing.settle(ring);
        settled();
    }

    private void settled() {
        Ring ring = standing.settled();
        initial = null;
        rival = null;
        figures.restart();
        staged.rebase(ring.version());
        wantsIn &= !ring.members().containsKey(settings.self());
        if (wantsIn) {
            staged.stage(StagedChange.Kind.JOIN, settings.self(), 0, null);
        }
    }

    private void offer(Proposal proposal) {
        Proposal before = standing.proposal();
        if (standing.offer(proposal, toldByAll())) {
            rival = null;
            if (before == null || !before.id().isSameChange(proposal.id())) {
                figures.restart();
            }
        } else if (before != null
                && proposal.base() == before.base()
                && proposal.id().supersedes(before.id())
                && (rival == null || proposal.compareTo(rival) > 0)) {
            rival = proposal;
        }
    }

    private void proceed() {
        StagedChange own = staged.of(settings.self());
        wantsIn &= own == null || own.kind() != StagedChange.Kind.NONE;
        Proposal waiting = rival;
        if (waiting != null) {
            offer(waiting);
        }
        Ring before = standing.settled();
        standing.advance(toldByAll());
        if (!standing.settled().equals(before)) {
            settled();
        }
    }

    private SortedMap<NodeId, RingProgress> toldByAll() {
        SortedMap<NodeId, RingProgress> told = new TreeMap<>();
        records.forEach((id, record) -> told.put(id, record.ring()));
        told.put(settings.self(), told());
        return told;
    }

    /** To be called whenever any member's record has changed; this node's is among them. */
    void members(SortedMap<NodeId, MemberRecord> now) {
        records = Collections.unmodifiableSortedMap(new TreeMap<>(now));
        SortedMap<NodeId, String> addresses = new TreeMap<>();
        for (NodeId member : standing.topology().members()) {
            MemberRecord record = records.get(member);
            String bridge = record == null ? bridges.get(member) : record.bridge();
            if (bridge != null && !bridge.isEmpty() && !member.equals(settings.self())) {
                addresses.put(member, bridge);
            }
        }
        if (!addresses.isEmpty()) {
            bridges = addresses;
        }
        proceed();
    }

    /** {@link Event.TopologyKept}, {@link Event.LoopCaughtUp}, {@link Event.RangeReceived}, {@link Event.RangePulled}; others are not its own. */
    void handle(Event.ForControl event, Now now) {
        switch (event) {
            case Event.TopologyKept kept -> keeping.kept(kept, now);
            case Event.LoopCaughtUp caughtUp -> standing.caughtUp(caughtUp.loop(), caughtUp.epoch());
            case Event.RangeReceived range -> standing.received(range.proposal(), range.partition());
            case Event.RangePulled pulled -> {
                Proposal proposal = standing.proposal();
                if (proposal != null && proposal.id().isSameChange(pulled.proposal())) {
                    figures.add(pulled.bytes());
                }
            }
            case Event.Stored ignored -> {}
            case Event.SetBucket ignored -> {}
            case Event.SelfChanged ignored -> {}
            case Event.Administer ignored -> {}
            case Event.SeedsResolved ignored -> {}
        }
        proceed();
    }

    /** All but {@link ClusterCommand.Join}. */
    ClusterAnswer administer(
            ClusterCommand command, SortedMap<NodeId, MemberRecord> known, SortedMap<NodeId, Liveness> liveness) {
        ClusterAnswer answer = new RingOffice(settings.self(), standing, staged, rival, known, liveness)
                .administer(command, this::offer);
        proceed();
        return answer;
    }

    /** This node, alone in its ring and empty, is to join another cluster: it knows no ring any more. */
    void giveUpRing() {
        settle(Ring.nobodys(settings.partitions(), settings.replicas()));
        heardOfRing = false;
        wantsIn = false;
        staged.rebase(0);
    }

    RingStatus status(SortedMap<NodeId, MemberRecord> known, SortedMap<NodeId, Liveness> liveness, Now now) {
        SortedMap<NodeId, RingProgress> progress = new TreeMap<>();
        known.forEach((id, record) -> progress.put(id, record.ring()));
        progress.put(settings.self(), told());
        Proposal change = topology().proposal();
        List<String> waiting = new ArrayList<>();
        if (!keeping.error().isEmpty()) {
            waiting.add(settings.self() + " can't keep the ring on its disk, and goes no further until it can: "
                    + keeping.error());
        }
        waiting.addAll(Waiting.lines(topology(), standing.isLocked() ? rival : null, progress, liveness));
        return new RingStatus(
                standing.settled().version(),
                standing.settled().hash(),
                change == null ? null : change.id(),
                progress,
                waiting,
                staged.wanted());
    }

    /** What is to be done, since the last call. */
    List<Effect> effects() {
        Effect keep = keeping.due(newest());
        return keep == null ? List.of() : List.of(keep);
    }

    private KeptTopology newest() {
        boolean changing = topology().proposal() != null;
        return new KeptTopology(
                new RingTable(standing.settled(), standing.proposal(), staged.all()),
                changing ? standing.phase() : null,
                changing ? standing.received() : new BitSet(),
                bridges);
    }
}
