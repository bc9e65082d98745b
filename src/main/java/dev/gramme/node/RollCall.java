package dev.gramme.node;

import dev.gramme.membership.HeartbeatDetector;
import dev.gramme.membership.Problems;
import dev.gramme.node.ClusterSnapshot.MemberState;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message.Heartbeat;
import dev.gramme.wire.RingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Makes a {@link ClusterSnapshot} of what configuration, heartbeats and findings say now. */
record RollCall(
        ControlSettings settings, HeartbeatDetector detector, Problems problems, View view, RingStatus ring, Now now) {

    ClusterSnapshot take(boolean joined, boolean ready, boolean writable) {
        List<MemberState> states = new ArrayList<>();
        for (NodeId member : view.topology().members()) {
            states.add(
                    member.equals(settings.self())
                            ? state(member, settings.http(), Liveness.State.UP, ready, writable, 0)
                            : peer(member));
        }
        List<String> lines = new ArrayList<>(problems.ofStrangers(now.nanos()));
        if (detector.isUnanswered()) {
            lines.add(settings.unanswered());
        }
        return new ClusterSnapshot(joined, states, lines, ring);
    }

    private MemberState peer(NodeId member) {
        Heartbeat last = detector.lastOf(member);
        Liveness.State verdict =
                view.liveness().getOrDefault(member, Liveness.DOWN).state();
        if (last == null) {
            return state(member, "", verdict, false, true, -1);
        }
        long heardMillis = TimeUnit.NANOSECONDS.toMillis(detector.silenceNanos(member, now.nanos()));
        return state(member, last.http(), verdict, last.ready(), last.writable(), heardMillis);
    }

    private MemberState state(
            NodeId id, String http, Liveness.State verdict, boolean ready, boolean writable, long heardMillis) {
        RingMember claim =
                Objects.requireNonNull(view.topology().latest().members().get(id));
        return new MemberState(
                id,
                claim.zone(),
                claim.weight(),
                id.equals(settings.self())
                        ? settings.bridge()
                        : settings.bridges().getOrDefault(id, ""),
                http,
                verdict,
                ready,
                writable,
                heardMillis,
                view.topology().settled().share(id),
                problems.of(id, now.nanos()),
                ready ? MemberRecord.Standing.SERVING : MemberRecord.Standing.LEAVING_FOR_RESTART,
                settings.program(),
                0,
                RingProgress.NONE,
                view.topology().latest().share(id));
    }
}
