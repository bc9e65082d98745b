package dev.gramme.rest.health;

import dev.gramme.runtime.LocalNode;
import dev.gramme.wire.BucketProperties;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * This node can serve sloppy quorums of the default R and W for every partition. A peer's death does not fail it, and whom it suspects or holds down is
 * data beside the answer; a node that is in no ring (yet, or any more) or drains is not ready.
 */
@Readiness
@ApplicationScoped
public class ReadyCheck implements HealthCheck {
    private final LocalNode node;

    public ReadyCheck(LocalNode node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        LocalNode.NodeState state = node.state();
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("sloppy quorum")
                .withData("recovered", state.recovered())
                .withData("draining", state.draining())
                .withData("writable", state.writable())
                .withData("detail", state.detail());
        if (!state.recovered()) {
            return answer.down().build();
        }
        boolean inRing = node.view().takesRequests(node.id());
        BucketProperties defaults = BucketProperties.defaults("any", node.replicas());
        Reach reach = Reach.of(node.view(), defaults.r(), defaults.w());
        return answer.withData("r", defaults.r())
                .withData("w", defaults.w())
                .withData("inRing", inRing)
                .withData("partitionsLacking", node.partitionsLacking())
                .withData("partitionsBelowR", reach.unreadable())
                .withData("partitionsBelowW", reach.unwritable())
                .withData("suspects", Reach.names(reach.suspects()))
                .withData("down", Reach.names(reach.down()))
                .status(inRing && !state.draining() && reach.unreadable() == 0 && reach.unwritable() == 0)
                .build();
    }
}
