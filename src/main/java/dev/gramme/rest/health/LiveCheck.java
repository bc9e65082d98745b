package dev.gramme.rest.health;

import dev.gramme.runtime.LocalNode;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** No loop is stuck. */
@Liveness
@ApplicationScoped
public class LiveCheck implements HealthCheck {
    private final LocalNode node;

    public LiveCheck(LocalNode node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        LocalNode.NodeState state = node.state();
        return HealthCheckResponse.named("loops")
                .status(state.live())
                .withData("detail", state.detail())
                .build();
    }
}
