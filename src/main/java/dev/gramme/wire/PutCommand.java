package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;

/**
 * A client's put or delete, on its way to a coordinator.
 *
 * @param seen the context the client sent; empty if none
 * @param seenTime hybrid logical time the client has seen, 0 if none: the new version's is above it
 * @param content never without an idempotency key: where the client sent none, the node it asked makes one, so that passing a command on
 *     twice is safe
 */
public record PutCommand(Key key, CausalContext seen, long seenTime, Content content, RequestOptions options) {}
