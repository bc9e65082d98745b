package dev.gramme.rest.health;

import dev.gramme.runtime.LocalNode;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/**
 * The log was replayed, the loops run, and the node knows the ring of its cluster. It need not be in the ring: whether a newcomer comes in is an
 * operator's decision, and a node that waits for it must not be restarted for that.
 */
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
        boolean joined = state.recovered() && node.view().topology().settled().version() > 0;
        return HealthCheckResponse.named("recovered and joined")
                .status(joined)
                .withData("recovered", state.recovered())
                .withData("joined", joined)
                .withData("detail", state.detail())
                .build();
    }
}
