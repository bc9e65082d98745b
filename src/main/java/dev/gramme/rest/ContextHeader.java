package dev.gramme.rest;

import dev.gramme.ring.Key;
import dev.gramme.wire.ClientContext;
import dev.gramme.wire.ContextToken;
import dev.gramme.wire.MalformedException;
import io.vertx.core.MultiMap;
import java.util.List;

/** {@code Gramme-Context}: opaque, and repeatable: a client that merged what it read twice sends both, by comma or in two headers. */
final class ContextHeader {
    static final String NAME = "Gramme-Context";

    /** More is no merge but an attack on the node's processor: each costs an HMAC. */
    static final int MAX_TOKENS = 64;

    private ContextHeader() {}

    /** @throws ProblemException if one of the tokens is not ours for this key */
    static ClientContext of(MultiMap headers, Key key, ContextToken tokens) {
        List<String> lines = headers.getAll(NAME);
        ClientContext joined = ClientContext.NONE;
        int count = 0;
        for (String line : lines) {
            for (String token : line.split(",", -1)) {
                if (++count > MAX_TOKENS) {
                    throw wrong("more than " + MAX_TOKENS + " contexts");
                }
                joined = joined.join(decode(token.strip(), key, tokens));
            }
        }
        return joined;
    }

    private static ClientContext decode(String token, Key key, ContextToken tokens) {
        if (token.isEmpty()) {
            throw wrong("an empty context; to say that nothing was seen, leave the header out");
        }
        try {
            return tokens.decode(key, token);
        } catch (MalformedException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static ProblemException wrong(String detail) {
        return Problem.of(ProblemKind.BAD_CONTEXT, detail).thrown();
    }
}
