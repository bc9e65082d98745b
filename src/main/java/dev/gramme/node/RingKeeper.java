package dev.gramme.node;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.version.Now;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Probe;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.RingTable;
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
 * <p>Its loops go by a proposal, or by none, only when that is on the disk: what they write goes where that proposal wants it, so a crash must not bring back the
 * one before, whose new owners never saw those writes.
 *
 * <p>What it tells of a change is what it goes by itself, not the highest it has heard of: a locked member does not spread the rivals of its proposal, so
 * that who comes without memory learns the one that can still succeed.
 *
 * <p>Rings of one cluster have one lineage, that of the first, and members in common. A ring that has not is refused, whatever its version, with the table of buckets
 * beside it: two clusters of one name that meet stay two, and both say so.
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
    private final KnownClaim claims = new KnownClaim();
    private final TransferObstacles obstacles = new TransferObstacles();
    private SortedMap<NodeId, MemberRecord> records = new TreeMap<>();
    private SortedMap<NodeId, String> bridges;
    private final Arrival arrival;
    private Topology topology;
    /** Of the ring that this node goes by; 0 if it is not known. */
    private long lineage;

    private @Nullable Proposal rival;
    private final List<Effect> observed = new ArrayList<>();

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
            String objection = RingReport.otherShape(kept.table().settled(), nobodys);
            if (!objection.isEmpty()) {
                throw new IllegalArgumentException(
                        "the ring that this node kept " + objection + ": start it as before");
            }
            standing.resume(kept);
            lineage = RingReport.lineage(kept);
        }
        this.arrival = new Arrival(settings.self(), kept == null ? settings.initial() : null, staged);
        this.topology = standing.topology();
        this.keeping = new TopologyKeeping(newest());
        begin(arrival.alone());
    }

    /** What this node goes by now: settled ring and proposal are on its disk. */
    Topology topology() {
        return topology;
    }

    private void publish() {
        if (RingReport.isOf(keeping.durable().table(), standing)) {
            topology = standing.topology();
        }
    }

    /** To be told to others: what is kept of what this node goes by. */
    RingTable table() {
        return keeping.durable().table();
    }

    /** Of {@link #table}: where two nodes' differ they exchange their tables. */
    long tableHash() {
        return RingReport.hash(table());
    }

    /** Whether the table with this hash is what this node goes over to as soon as it is on the disk. */
    boolean isOnItsWay(long hash) {
        return RingReport.hash(newest().table()) == hash;
    }

    /** For this node's record: only what is on the disk. To be called after each event. */
    RingProgress progress(Now now) {
        figures.tick(now);
        keeping.tick(now);
        return told();
    }

    private RingProgress told() {
        return RingReport.told(keeping.durable(), standing.gained(), figures);
    }

    /** A first exchange with another member has happened: nothing newer than an initial ring was there. */
    void peerHeard() {
        begin(arrival.peerHeard(records));
    }

    private void begin(@Nullable Ring initial) {
        if (initial != null && standing.settled().version() == 0) {
            settle(initial);
            lineage = initial.lineage();
            keeping.knownAnyway(newest());
            publish();
        }
    }

    /** Of the ring that this node goes by; 0 if it is not known. */
    long lineage() {
        return lineage;
    }

    /**
     * @param theirLineage 0 if it is not known
     * @return empty, or why it can't be merged, for people
     */
    String merge(RingTable other, long theirLineage, NodeId from) {
        Ring theirs = other.settled();
        Ring mine = standing.settled();
        Proposal proposal = other.proposal();
        if (theirs.version() == 0) {
            return "";
        }
        arrival.ringHeard();
        String otherShape = RingReport.otherShape(theirs, mine);
        if (!otherShape.isEmpty()) {
            return "its ring " + otherShape + ": it belongs to another cluster";
        }
        String strangers = RingReport.strangers(theirs, mine, lineage, theirLineage);
        if (!strangers.isEmpty()) {
            return strangers;
        }
        if (mine.version() == 0 || hasForgotten(theirs)) {
            if (proposal != null && !Arrival.mayLetIn(from, theirs, proposal)) {
                return "";
            }
            takeUp(theirs, proposal);
        } else if (theirs.version() > mine.version()) {
            settle(theirs);
        } else if (theirs.version() == mine.version() && !theirs.equals(mine)) {
            return "its ring is another than this node's, of the same version " + mine.version()
                    + ": their lists of members, zones or weights differ; make them the same";
        }
        lineage = lineage == 0 ? theirLineage : lineage;
        if (theirs.version() == standing.settled().version()) {
            staged.merge(other.staged());
            if (proposal != null) {
                offer(proposal);
            }
        }
        proceed();
        return "";
    }

    /**
     * Whether this node is a member of {@code theirs} and knows nothing of how it came to be, though no change of the ring settles without its members. So it was a
     * member, and is not any more what it was then: the first node of all, which grew into a cluster, has been wiped and began it once more; or an old disk was put back.
     */
    private boolean hasForgotten(Ring theirs) {
        Ring target = standing.topology().target();
        return theirs.version() > standing.settled().version()
                && theirs.members().containsKey(settings.self())
                && (target == null || !theirs.equals(target));
    }

    /** What it holds counts for nothing that this ring promised, until it was compared with what the ring's other owners hold. */
    private void takeUp(Ring theirs, @Nullable Proposal underWay) {
        boolean forgotten = hasForgotten(theirs);
        if (standing.settled().version() == 0) {
            arrival.takesUp(theirs);
        }
        settle(theirs);
        if (underWay != null) {
            standing.takeUp(theirs, underWay);
        }
        if (forgotten) {
            observed(Probe.RING_FORGOTTEN);
            keeping.lostBefore(standing.topology().epoch());
        }
    }

    private void settle(Ring ring) {
        standing.settle(ring);
        settled();
    }

    private void settled() {
        observed(Probe.RING_SETTLED);
        rival = null;
        figures.restart();
        obstacles.restart();
        arrival.settled(standing.settled());
    }

    private void offer(Proposal proposal) {
        Proposal before = standing.proposal();
        if (standing.offer(proposal, toldByAll())) {
            rival = null;
            if (before == null || !before.id().isSameChange(proposal.id())) {
                figures.restart();
                obstacles.restart();
                if (proposal.isWithdrawal()) {
                    observed(Probe.PROPOSAL_WITHDRAWN);
                } else if (before != null && !before.isWithdrawal()) {
                    observed(Probe.PROPOSAL_SUPERSEDED);
                }
            }
        } else if (before != null
                && proposal.base() == before.base()
                && proposal.id().supersedes(before.id())
                && (rival == null || proposal.compareTo(rival) > 0)) {
            rival = proposal;
        }
    }

    private void proceed() {
        arrival.look();
        Proposal waiting = rival;
        if (waiting != null) {
            offer(waiting);
        }
        Ring before = standing.settled();
        standing.advance(toldByAll());
        if (!standing.settled().equals(before)) {
            settled();
        }
        publish();
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
        bridges = RingReport.bridges(standing.topology().members(), settings.self(), records, bridges);
        proceed();
    }

    /** {@link Event.TopologyKept}, {@link Event.LoopCaughtUp}, {@link Event.RangeReceived}, {@link Event.RangePulled}, {@link Event.RangeRefused}; others are not its own. */
    void handle(Event.ForControl event, Now now) {
        switch (event) {
            case Event.TopologyKept kept -> keeping.kept(kept, now);
            case Event.LoopCaughtUp caughtUp -> standing.caughtUp(caughtUp.loop(), caughtUp.epoch());
            case Event.RangeReceived range -> {
                standing.received(range.proposal(), range.partition());
                obstacles.gone(range.partition());
            }
            case Event.RangePulled pulled -> {
                if (isUnderWay(pulled.proposal())) {
                    figures.add(pulled.bytes());
                    obstacles.gone(pulled.partition());
                }
            }
            case Event.RangeRefused range -> {
                if (isUnderWay(range.proposal())) {
                    obstacles.refused(range.partition(), range.source(), range.why());
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

    private boolean isUnderWay(Proposal.Id change) {
        Proposal proposal = standing.proposal();
        return proposal != null && proposal.id().isSameChange(change);
    }

    /** All but {@link ClusterCommand.Join}. */
    ClusterAnswer administer(
            ClusterCommand command, SortedMap<NodeId, MemberRecord> known, SortedMap<NodeId, Liveness> liveness) {
        ClusterAnswer answer = office(known, liveness).administer(command, this::offer);
        proceed();
        return answer;
    }

    private RingOffice office(SortedMap<NodeId, MemberRecord> known, SortedMap<NodeId, Liveness> liveness) {
        return new RingOffice(settings.self(), standing, staged, rival, known, liveness, claims);
    }

    /** What has to be claimed to plan what is staged; null if nothing. */
    @Nullable
    ClaimQuestion question(SortedMap<NodeId, MemberRecord> known, SortedMap<NodeId, Liveness> liveness) {
        return office(known, liveness).question();
    }

    void claimed(ClaimQuestion question, Ring answer) {
        claims.learn(question, answer);
    }

    /** This node, alone in its ring and empty, is to join another cluster: it knows no ring any more. */
    void giveUpRing() {
        settle(Ring.nobodys(settings.partitions(), settings.replicas()));
        lineage = 0;
        arrival.again();
    }

    RingStatus status(SortedMap<NodeId, MemberRecord> known, SortedMap<NodeId, Liveness> liveness, Now now) {
        SortedMap<NodeId, RingProgress> progress = new TreeMap<>();
        known.forEach((id, record) -> progress.put(id, record.ring()));
        progress.put(settings.self(), told());
        Proposal waiting = standing.isLocked() ? rival : null;
        return RingReport.status(
                standing.topology(),
                keeping.error(),
                staged.wanted(),
                progress,
                obstacles.among(Waiting.lines(standing.topology(), waiting, progress, liveness)));
    }

    /** What is to be done, since the last call. */
    List<Effect> effects() {
        List<Effect> due = new ArrayList<>(observed);
        observed.clear();
        Effect keep = keeping.due(newest());
        if (keep != null) {
            due.add(keep);
        }
        return due;
    }

    private void observed(Probe probe) {
        observed.add(new Effect.Observed(probe, 1));
    }

    private KeptTopology newest() {
        boolean changing = standing.topology().proposal() != null;
        return new KeptTopology(
                new RingTable(standing.settled(), standing.proposal(), staged.all()),
                changing ? standing.phase() : null,
                changing ? standing.received() : new BitSet(),
                bridges,
                lineage);
    }
}
