package dev.gramme.runtime;

import dev.gramme.ring.Ring;
import dev.gramme.ring.View;
import dev.gramme.wire.ContextToken;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * The node's parts as CDI beans, for code that runs beside the front: the ring, the view and the sealed causal contexts, each as it is at the moment of
 * injection (inject a {@code Provider} to ask again). The coordinator is {@link LocalNode} itself. All fail with {@link
 * LocalNode.NotReadyException} until the node runs.
 */
@Singleton
final class NodeBeans {

    @Produces
    @Dependent
    @Unremovable
    View view(LocalNode node) {
        return node.view();
    }

    @Produces
    @Dependent
    @Unremovable
    Ring ring(LocalNode node) {
        return node.view().ring();
    }

    @Produces
    @Dependent
    @Unremovable
    ContextToken contexts(LocalNode node) {
        return node.tokens();
    }
}
