package dev.gramme.node;

import dev.gramme.coordinator.LocalReplica;
import dev.gramme.coordinator.Turn;
import dev.gramme.handoff.HintBook;
import dev.gramme.handoff.HintDelivery;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.Minting;
import dev.gramme.replica.Replica;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replica of this plane, as its coordinator and its hint delivery use it. A broken store is told by the store itself, with file and offset; here it
 * only means "not from this node", so the exception becomes the null, or the refusal, of the contract.
 */
final class LocalCopy implements LocalReplica, HintDelivery.Holder {
    private final Replica replica;
    private final Minting minting;
    private final ReplicaStore store;
    private final DotSource dots;
    private final Losses losses;

    LocalCopy(Replica replica, ReplicaStore store, DotSource dots, Losses losses) {
        this.replica = replica;
        this.minting = replica.minting();
        this.store = store;
        this.dots = dots;
        this.losses = losses;
    }

    @Override
    public boolean isWritable() {
        return replica.isWritable();
    }

    @Override
    public @Nullable Reading read(int partition, Key key, Turn turn) {
        try {
            Replica.Reading reading = replica.read(partition, key, turn.outlook());
            return new Reading(reading.state(), reading.hinted(), reading.lacking(), reading.stamp());
        } catch (StoreBrokenException e) {
            return null;
        }
    }

    @Override
    public PutResult put(
            PutCommand command, int partition, @Nullable NodeId standsFor, List<NodeId> missing, Turn turn) {
        try {
            long stamp = replica.stampOfPut(partition, command.key(), standsFor == null, turn.outlook());
            Minting.Result result = minting.put(
                    command,
                    partition,
                    standsFor,
                    missing,
                    turn.outlook().bucket(command.key().bucket()),
                    turn.now(),
                    turn.out());
            return switch (result) {
                case Minting.Minted minted ->
                    new Minted(
                            minted.token(),
                            minted.state(),
                            minted.dot(),
                            minted.time(),
                            minted.context(),
                            minted.siblings(),
                            minted.expiresMillis(),
                            stamp);
                case Minting.Refused refused -> new Refused(Failure.TOO_MANY_SIBLINGS, refused.reason());
            };
        } catch (StoreBrokenException e) {
            return new Refused(
                    Failure.STORAGE_BROKEN, "the store of partition " + partition + " at this node can't be read");
        }
    }

    @Override
    public void keepHint(int partition, Key key, NodeId owner, VersionSet state, long stamp, Turn turn) {
        if (stamp < turn.outlook().stamps().keepsFrom(partition)) {
            // This node has lost its memory since, and promised: what it had under way is not to outlive that.
            turn.out().observed(Probe.OUTDATED_REFUSED);
            return;
        }
        try {
            replica.keepHint(partition, key, owner, state, stamp, turn.outlook(), turn.out());
        } catch (StoreBrokenException e) {
            // A pointer to what can't be read now: it stays, and is delivered when it can be.
            return;
        }
    }

    @Override
    public boolean handOn(HintBook.Hint hint, List<NodeId> heirs, Outlook outlook, Outbox out) {
        if (!replica.isWritable()) {
            return false;
        }
        try {
            replica.handOnHint(hint.partition(), hint.key(), hint.owner(), hint.state(), heirs, outlook, out);
            return true;
        } catch (StoreBrokenException e) {
            return false;
        }
    }

    @Override
    public void repair(int partition, Key key, VersionSet state, long stamp, Turn turn) {
        if (!replica.isWritable() || stamp < turn.outlook().stamps().takesFrom(partition)) {
            return;
        }
        try {
            replica.merge(partition, key, state, null, turn.outlook(), turn.now(), turn.out());
        } catch (StoreBrokenException e) {
            // It was readable a moment ago; the store reports it, and the client has its answer already.
            return;
        }
    }

    @Override
    public @Nullable VersionSet own(int partition, Key key) {
        try {
            return store.read(partition, key);
        } catch (StoreBrokenException e) {
            return null;
        }
    }

    @Override
    public boolean isLacking(int partition) {
        return losses.isLacking(partition);
    }

    @Override
    public long hintActor() {
        return dots.hintActor();
    }

    @Override
    public void renewHintActor() {
        dots.renewHintActor();
    }
}
