package dev.gramme.node;

import dev.gramme.membership.HeartbeatDetector;
import dev.gramme.membership.Member;
import dev.gramme.membership.Problems;
import dev.gramme.node.ClusterSnapshot.MemberState;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.wire.Message.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes a {@link ClusterSnapshot} of what configuration, heartbeats and findings say now. */
record RollCall(ControlSettings settings, HeartbeatDetector detector, Problems problems, View view, Now now) {

    ClusterSnapshot take(boolean joined, boolean ready, boolean writable) {
        List<MemberState> states = new ArrayList<>();
        for (Member member : settings.members().byId().values()) {
            states.add(
                    member.id().equals(settings.self())
                            ? state(member, settings.http(), Liveness.State.UP, ready, writable, 0)
                            : peer(member));
        }
        List<String> lines = new ArrayList<>(problems.ofStrangers(now.nanos()));
        if (detector.isUnanswered()) {
            lines.add(settings.unanswered());
        }
        return new ClusterSnapshot(joined, states, lines);
    }

    private MemberState peer(Member member) {
        Heartbeat last = detector.lastOf(member.id());
        Liveness.State verdict =
                view.liveness().getOrDefault(member.id(), Liveness.DOWN).state();
        if (last == null) {
            return state(member, "", verdict, false, true, -1);
        }
        long heardMillis = TimeUnit.NANOSECONDS.toMillis(detector.silenceNanos(member.id(), now.nanos()));
        return state(member, last.http(), verdict, last.ready(), last.writable(), heardMillis);
    }

    private MemberState state(
            Member member, String http, Liveness.State verdict, boolean ready, boolean writable, long heardMillis) {
        NodeId id = member.id();
        return new MemberState(
                id,
                member.claim().zone(),
                member.claim().weight(),
                member.bridge(),
                http,
                verdict,
                ready,
                writable,
                heardMillis,
                settings.ring().share(id),
                problems.of(id, now.nanos()));
    }
}
