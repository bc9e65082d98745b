package dev.gramme.rest.health;

import dev.gramme.runtime.LocalNode;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** The log was replayed, the loops run, and the node is a member of its ring. */
@Startup
@ApplicationScoped
public class StartedCheck implements HealthCheck {
    private final LocalNode node;

    public StartedCheck(LocalNode node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        LocalNode.NodeState state = node.state();
        boolean joined = state.recovered() && node.view().ring().members().containsKey(node.id());
        return HealthCheckResponse.named("recovered and joined")
                .status(joined)
                .withData("recovered", state.recovered())
                .withData("joined", joined)
                .withData("detail", state.detail())
                .build();
    }
}
