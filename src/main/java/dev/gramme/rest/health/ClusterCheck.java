package dev.gramme.rest.health;

import dev.gramme.runtime.LocalNode;
import io.smallrye.health.api.HealthGroup;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Every member is up, and every partition has N live owners. */
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
        Reach reach = Reach.of(node.view(), 1, 1);
        long hints = node.hints().values().stream().mapToLong(Long::longValue).sum();
        return HealthCheckResponse.named("cluster")
                .withData("seenBy", node.id().name())
                .withData("members", node.view().ring().members().size())
                .withData("suspects", Reach.names(reach.suspects()))
                .withData("down", Reach.names(reach.down()))
                .withData("readOnly", Reach.names(reach.readOnly()))
                .withData("partitions", reach.partitions())
                .withData("partitionsBelowN", reach.thin())
                .withData("hints", hints)
                .status(reach.down().isEmpty() && reach.thin() == 0)
                .build();
    }
}
