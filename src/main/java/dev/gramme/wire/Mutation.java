package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import java.util.List;

/** One change to what a node keeps; the unit of the commit log. Last of each kind wins: a state is whole, not a difference. */
public sealed interface Mutation {
    int partition();

    /** A change of what is kept of one key. */
    sealed interface OfKey extends Mutation {
        Key key();
    }

    /** The owner's store holds this state of the key now. */
    record SetState(int partition, Key key, VersionSet state) implements OfKey {}

    /** Keep this hint for {@code owner}, in place of an earlier one for the same key and owner. An empty state points to this node's own. */
    record SetHint(int partition, Key key, NodeId owner, VersionSet state) implements OfKey {}

    /** The hint was delivered. */
    record DropHint(int partition, Key key, NodeId owner) implements OfKey {}

    /** Everything that this node holds of the partition as an owner is gone: it owns it no more. Hints stay. */
    record DropPartition(int partition) implements Mutation {}

    /**
     * As {@link DropPartition}, but what is gone for this node's readers is kept aside on its disk, for people. The partition is lacking ({@link Losses}) before this is
     * written.
     */
    record SetAside(int partition) implements Mutation {}

    /** Changes nothing. When it is durable, so is all that was written before it. */
    record Barrier(int partition) implements Mutation {}

    /**
     * Forgets those of {@code keys} whose state here, when this is carried out, still has the digest that is named; and the partition's collection epoch is {@code epoch}, if
     * that is higher than it was. Both or neither.
     */
    record Collect(int partition, long epoch, List<KeyDigest> keys) implements Mutation {}
}
