package dev.gramme.runtime;

import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.ClusterSnapshot.MemberState;
import dev.gramme.ring.Liveness;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.RingProgress;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** The members and the ring, as this node knows them, as gauges; and what its control plane sends. */
final class RingMetrics {
    private final Assembly assembly;
    private final NodeMetrics metrics;

    RingMetrics(Assembly assembly, NodeMetrics metrics) {
        this.assembly = assembly;
        this.metrics = metrics;
    }

    void register() {
        for (Liveness.State state : Liveness.State.values()) {
            members(
                    state.name().toLowerCase(Locale.ROOT),
                    member -> member.liveness() == state && !isRestarting(member));
        }
        members("restarting", RingMetrics::isRestarting);
        cluster(
                "gramme.ring.version",
                "Version of the settled ring; 0 while none is known",
                c -> c.ring().version());
        cluster(
                "gramme.ring.changing",
                "1 while a change of the ring is under way",
                c -> c.ring().change() == null ? 0 : 1);
        cluster(
                "gramme.ring.waiting",
                "What a change of the ring waits for people to do",
                c -> c.ring().waitingFor().size());
        own(
                "gramme.transfer.partitions",
                "Partitions that this node is to receive by the change",
                RingProgress::gained);
        own("gramme.transfer.partitions.received", "Of them, those that it holds", RingProgress::received);
        own("gramme.transfer.bytes.received", "Bytes of states pulled for the change", RingProgress::receivedBytes);
        own("gramme.transfer.bytes.per.second", "Rate at which states are pulled", RingProgress::bytesPerSecond);
        metrics.gauge(
                "gramme.loops.behind",
                "Serial loops with requests under way that began by an earlier ring",
                assembly,
                Assembly::loopsBehind);
        metrics.counter(
                "gramme.gossip.sent",
                "Messages between members sent",
                assembly,
                a -> a.control().sent());
        metrics.counter(
                "gramme.gossip.contacts",
                "Messages sent to addresses whose node is not known yet",
                assembly,
                a -> a.control().contacts());
        metrics.counter(
                "gramme.gossip.received",
                "Messages between members received",
                assembly,
                a -> a.control().received());
    }

    private static boolean isRestarting(MemberState member) {
        return member.liveness() == Liveness.State.DOWN
                && member.standing() == MemberRecord.Standing.LEAVING_FOR_RESTART;
    }

    private void members(String state, Predicate<MemberState> counted) {
        metrics.gauge(
                "gramme.members",
                "Nodes known, by what this node holds of them",
                "state",
                state,
                assembly,
                a -> a.cluster().members().stream().filter(counted).count());
    }

    private void cluster(String name, String description, ToLongFunction<ClusterSnapshot> value) {
        metrics.gauge(name, description, assembly, a -> value.applyAsLong(a.cluster()));
    }

    private void own(String name, String description, ToLongFunction<RingProgress> value) {
        metrics.gauge(
                name,
                description,
                assembly,
                a -> value.applyAsLong(
                        a.cluster().ring().progress().getOrDefault(a.plan().self(), RingProgress.NONE)));
    }
}
