package dev.gramme.node;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Token;
import dev.gramme.version.VersionSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key, explained: where it belongs and what each replica holds.
 *
 * @param replicas owners first, then fallbacks, in order of preference; every member that answered with something, or should have
 * @param atMillis wall-clock time of the answer, at the node that was asked: what expires by then has expired
 */
public record Explanation(
        Key key, Token token, int partition, List<Replica> replicas, VersionSet merged, long atMillis) {

    /**
     * @param owner whether the ring makes it an owner
     * @param answer "ok", "down", "no answer", or a {@link dev.gramme.wire.ReplicaStatus} in lower case
     * @param state what it holds; null if it did not answer
     * @param hinted some of it is kept as a hint for another
     */
    public record Replica(
            NodeId node,
            boolean owner,
            String liveness,
            String answer,
            @Nullable VersionSet state,
            boolean hinted) {}
}
