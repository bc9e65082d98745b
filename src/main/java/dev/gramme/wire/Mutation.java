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
     * written. The collection epoch stays, or is {@code epoch}, if that is higher: both or neither.
     */
    record SetAside(int partition, long epoch) implements Mutation {
        /** The epoch stays as it is. */
        public SetAside(int partition) {
            this(partition, 0);
        }
    }

    /** Changes nothing. When it is durable, so is all that was written before it. */
    record Barrier(int partition) implements Mutation {}

    /**
     * Forgets those of {@code keys} whose state here, when this is carried out, still has the digest that is named; and the partition's collection epoch is {@code epoch}, if
     * that is higher than it was. Both or neither.
     */
    record Collect(int partition, long epoch, List<KeyDigest> keys) implements Mutation {}

    /**
     * From here on this node keeps nothing of the partition that is older than {@code stamp}, but for what it holds as an owner. The highest holds; also when the partition is
     * dropped.
     */
    record Promise(int partition, long stamp) implements Mutation {}

    /** Whether a record of these is told as durable only when the log is forced, whatever durability clients were promised: what other nodes do rests on it for good. */
    static boolean mustBeForced(List<Mutation> record) {
        for (Mutation mutation : record) {
            if (mutation instanceof Promise || mutation instanceof Collect) {
                return true;
            }
        }
        return false;
    }
}
