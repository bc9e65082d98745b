package dev.gramme.replica;

import dev.gramme.version.Dot;

/**
 * Port: mints this node's dots. Safe to call from several loops. Every dot it returns lies in a block that was durably reserved before,
 * so that no crash can make it come again.
 *
 * <p>There are two actors, for the two stores that forget at different times: the owner's store, and the hint book, which forgets
 * each hint it delivers (see the essay of {@code version}).
 */
public interface DotSource {
    /** A dot for a key that this node owns. */
    Dot mint();

    /** A dot for a key that this node coordinates as a fallback. */
    Dot mintForHint();

    /** The owner's store was found to have forgotten (it holds less than a peer has seen of it): go on as a new actor. */
    void renewActor();

    /** Hints were dropped: the next fallback write is minted by a new actor. */
    void renewHintActor();

    /** The owner's store's actor now. */
    long actor();

    /** The hint book's actor now. */
    long hintActor();
}
