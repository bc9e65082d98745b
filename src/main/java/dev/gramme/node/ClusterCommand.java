package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.StagedChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator asks of the ring, at any node: {@link Effect.Administered} says what became of it. */
public sealed interface ClusterCommand {
    /** This node, which owns nothing that anybody needs yet, is to join the cluster that is found at these addresses (host:port of bridges). */
    record Join(List<String> seeds) implements ClusterCommand {}

    /**
     * Stage a change: it takes effect when it is committed.
     *
     * @param weight for {@link StagedChange.Kind#WEIGHT}, else 0
     * @param successor for {@link StagedChange.Kind#REPLACE}, else null
     */
    record Stage(
            StagedChange.Kind kind,
            NodeId node,
            int weight,
            @Nullable NodeId successor) implements ClusterCommand {}

    /** What would the staged changes do? */
    record Plan() implements ClusterCommand {}

    /**
     * Start the staged changes.
     *
     * @param plan the {@link RingPlan#id} that was shown; refused if the same plan would not be made now
     */
    record Commit(String plan) implements ClusterCommand {}

    /** Forget the staged changes, and withdraw the change under way if it can be still. */
    record Cancel() implements ClusterCommand {}
}
