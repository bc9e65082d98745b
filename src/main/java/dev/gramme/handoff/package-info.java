/**
 * Hinted handoff: what a fallback keeps for an owner that is down, and its delivery when the owner is back (DeCandia et al. 2007, 4.6).
 *
 * <p>A hint is a whole state of one key, kept apart from the node's own data, or a pointer: "tell this owner what I hold myself", where the keeper is an
 * owner too. {@link dev.gramme.handoff.HintDelivery} sends them as ordinary replica writes, which merge and so may come twice; a hint is dropped only
 * after its owner has said that it holds the state durably, and only if it has not changed since.
 *
 * <p>Dropping is forgetting. A fallback that has minted versions for a key, handed them over and dropped them no longer holds all that its
 * hint actor ever minted for the key; so it goes on as a new hint actor (see the essay of {@code version}).
 */
@NullMarked
package dev.gramme.handoff;

import org.jspecify.annotations.NullMarked;
