package dev.gramme.node;

import dev.gramme.membership.Discovery;
import dev.gramme.membership.Problems;
import dev.gramme.membership.Swim;
import dev.gramme.membership.Verdict;
import dev.gramme.node.ClusterSnapshot.MemberState;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.MemberRecord.Standing;
import dev.gramme.wire.RingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What this node makes of gossip, the ring, and what it reaches itself: liveness for routing and for people, and the whole for people. */
record RollCall(ControlSettings settings, Swim swim, Discovery discovery, Topology topology) {

    /** Of every member known, by gossip or by the ring. Who leaves to be started again is down; who does not answer this node itself is suspect here. */
    SortedMap<NodeId, Liveness> known() {
        SortedMap<NodeId, Liveness> known = new TreeMap<>();
        everybody().forEach(id -> known.put(id, liveness(id)));
        return known;
    }

    /** Of every member of the ring: whom requests can be sent to. */
    SortedMap<NodeId, Liveness> routing() {
        SortedMap<NodeId, Liveness> routing = new TreeMap<>();
        SortedSet<NodeId> serving = topology.needed();
        for (NodeId id : topology.members()) {
            routing.put(id, serving.contains(id) && standing(id) == Standing.SERVING ? liveness(id) : Liveness.DOWN);
        }
        routing.put(settings.self(), liveness(settings.self()));
        return routing;
    }

    /** Who is known and is a member of neither ring: not yet, or not any more. */
    SortedSet<NodeId> outsiders() {
        SortedSet<NodeId> outsiders = new TreeSet<>(swim.records().keySet());
        outsiders.removeAll(topology.members());
        return outsiders;
    }

    private SortedSet<NodeId> everybody() {
        SortedSet<NodeId> everybody = new TreeSet<>(topology.members());
        everybody.addAll(swim.records().keySet());
        return everybody;
    }

    private Standing standing(NodeId id) {
        MemberRecord record = swim.records().get(id);
        return record == null ? Standing.IDLE : record.standing();
    }

    private Liveness liveness(NodeId id) {
        MemberRecord record = swim.records().get(id);
        if (id.equals(settings.self())) {
            return new Liveness(Liveness.State.UP, swim.mine().writable());
        }
        if (record == null || !swim.isAlive(id)) {
            return Liveness.DOWN;
        }
        boolean doubtful = swim.verdict(id) == Verdict.SUSPECT || !swim.isReached(id);
        return new Liveness(doubtful ? Liveness.State.SUSPECT : Liveness.State.UP, record.writable());
    }

    /** How many members of the ring were heard, this node among them. */
    boolean isMajorityHeard() {
        SortedSet<NodeId> members = topology.members();
        long heard = members.stream()
                .filter(id -> id.equals(settings.self()) || swim.silenceNanos(id) >= 0)
                .count();
        return topology.settled().version() > 0 && 2 * heard > members.size();
    }

    ClusterSnapshot take(boolean joined, Problems problems, List<String> more, RingStatus ring, long nowNanos) {
        SortedMap<NodeId, String> addresses = discovery.addresses();
        addresses.put(settings.self(), settings.bridge());
        List<MemberState> states = new ArrayList<>();
        for (NodeId id : everybody()) {
            states.add(state(id, addresses.getOrDefault(id, ""), problems.of(id, nowNanos)));
        }
        List<String> lines = new ArrayList<>(more);
        lines.addAll(problems.ofStrangers(nowNanos));
        String seeds = discovery.problem(nowNanos);
        if (!seeds.isEmpty()) {
            lines.add(seeds);
        }
        if (discovery.isUnanswered()) {
            lines.add(settings.unanswered());
        }
        return new ClusterSnapshot(joined, states, lines, ring);
    }

    private MemberState state(NodeId id, String bridge, String problem) {
        MemberRecord record = swim.records().get(id);
        long silence = swim.silenceNanos(id);
        boolean self = id.equals(settings.self());
        return new MemberState(
                id,
                record == null ? claim(id).zone() : record.zone(),
                weight(id, record),
                bridge,
                record == null ? "" : record.http(),
                liveness(id).state(),
                record != null && record.standing() == Standing.SERVING,
                record == null || record.writable(),
                self ? 0 : silence < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(silence),
                topology.settled().share(id),
                problem,
                standing(id),
                record == null ? "" : record.program(),
                record == null ? 0 : record.storedBytes(),
                record == null ? RingProgress.NONE : record.ring(),
                topology.latest().share(id));
    }

    /** The ring's, where it has one: that is what the claim goes by. */
    private int weight(NodeId id, @Nullable MemberRecord record) {
        return record == null || topology.members().contains(id) ? claim(id).weight() : record.weight();
    }

    private RingMember claim(NodeId id) {
        RingMember latest = topology.latest().members().get(id);
        RingMember settled = topology.settled().members().get(id);
        if (latest != null) {
            return latest;
        }
        return settled != null ? settled : new RingMember(id, "", RingMember.DEFAULT_WEIGHT);
    }
}
