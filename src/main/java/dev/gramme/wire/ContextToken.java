package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;

/**
 * The client's context as text: versioned, authenticated (HMAC-SHA256 under the cluster key, over key and context), base64url. It is bound to its
 * key because counters run over all keys of a node: the context of one key, taken for another, would hide writes nobody has seen.
 */
public final class ContextToken {
    private final Bytes clusterKey;

    public ContextToken(Bytes clusterKey) {
        this.clusterKey = clusterKey;
    }

    public String encode(Key key, ClientContext context) {
        throw new IllegalStateException("not yet: " + clusterKey + key + context);
    }

    /** @throws MalformedException if it is damaged, truncated, forged, of another key or of a newer format; says which as far as can be known */
    public ClientContext decode(Key key, String token) {
        throw new MalformedException("not yet: " + key + token);
    }
}
