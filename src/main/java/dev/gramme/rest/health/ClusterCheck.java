package dev.gramme.rest.health;

import dev.gramme.node.ClusterSnapshot.MemberState;
import dev.gramme.node.RingStatus;
import dev.gramme.ring.View;
import dev.gramme.runtime.LocalNode;
import dev.gramme.wire.MemberRecord;
import io.smallrye.health.api.HealthGroup;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Every member is up, and every partition has N live owners. A member that said it is being restarted is down here too (its partitions do have one owner
 * less), and named apart, so that an alarm can wait for it.
 */
@HealthGroup("cluster")
@ApplicationScoped
public class ClusterCheck implements HealthCheck {
    private final LocalNode node;

    public ClusterCheck(LocalNode node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        LocalNode.NodeState state = node.state();
        if (!state.recovered()) {
            return HealthCheckResponse.named("cluster")
                    .down()
                    .withData("detail", state.detail())
                    .build();
        }
        View view = node.view();
        Reach reach = Reach.of(view, 1, 1);
        RingStatus ring = node.cluster().ring();
        long hints = node.hints().values().stream().mapToLong(Long::longValue).sum();
        return HealthCheckResponse.named("cluster")
                .withData("seenBy", node.id().name())
                .withData("ring", view.topology().settled().version())
                .withData("changing", ring.change() != null)
                .withData("waitingFor", String.join("; ", ring.waitingFor()))
                .withData("members", view.topology().needed().size())
                .withData("suspects", Reach.names(reach.suspects()))
                .withData("down", Reach.names(reach.down()))
                .withData("restarting", restarting(reach, state.draining()))
                .withData("readOnly", Reach.names(reach.readOnly()))
                .withData("partitions", reach.partitions())
                .withData("partitionsBelowN", reach.thin())
                .withData("hints", hints)
                .status(!state.draining()
                        && !view.topology().needed().isEmpty()
                        && reach.down().isEmpty()
                        && reach.thin() == 0)
                .build();
    }

    /** Of those that are down; and this node, which the others hold down while it stops. */
    private String restarting(Reach reach, boolean draining) {
        return Reach.names(node.cluster().members().stream()
                .filter(member -> member.standing() == MemberRecord.Standing.LEAVING_FOR_RESTART)
                .map(MemberState::id)
                .filter(id -> reach.down().contains(id) || (draining && id.equals(node.id())))
                .toList());
    }
}
