package dev.gramme.wire;

import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import org.jspecify.annotations.Nullable;

/**
 * What a client's opaque context says.
 *
 * @param time highest hybrid logical time the client has seen of the key
 * @param fastest who answered the read fastest; null if unknown
 */
public record ClientContext(
        CausalContext seen, long time, @Nullable NodeId fastest) {
    public static final ClientContext NONE = new ClientContext(CausalContext.EMPTY, 0, null);

    /** Having seen both. */
    public ClientContext join(ClientContext other) {
        return new ClientContext(
                seen.join(other.seen), Math.max(time, other.time), fastest == null ? other.fastest : fastest);
    }
}
