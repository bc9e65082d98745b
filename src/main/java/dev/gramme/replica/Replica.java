package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.HybridLogicalClock;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.Stamps;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A replica of the keys of one loop: answers peers' reads and writes, and merges what it is told. Not thread-safe. */
public final class Replica {
    /**
     * @param hinted part of the state is kept as hints for others
     * @param lacking this node may have lost some of what it should say
     * @param stamp the state is no older ({@link dev.gramme.wire.Stamps})
     */
    public record Reading(VersionSet state, boolean hinted, boolean lacking, long stamp) {}

    private record Asker(NodeId node, long id) {}

    private final NodeId self;
    private final LocalState local;
    private final DotSource dots;
    private final Losses losses;
    private final HybridLogicalClock clock;
    private final Absorption absorption;
    private final HintKeeping hints;
    private final HintAges ages = new HintAges();
    private final OwnActors actors = new OwnActors();
    private final Map<Long, List<Asker>> askersByToken = new HashMap<>();

    public Replica(NodeId self, ReplicaStore store, HintedStates hinted, DotSource dots, Losses losses) {
        this.self = self;
        this.losses = losses;
        this.local = new LocalState(store, hinted);
        this.dots = dots;
        this.clock = new HybridLogicalClock();
        this.absorption = new Absorption(dots, clock);
        this.hints = new HintKeeping(self, local, absorption);
    }

    /** Mints into the same state, by the same clock. */
    public Minting minting() {
        return new Minting(local, hints, dots, clock, actors);
    }

    /** Takes over ranges of keys into the same state. */
    public Ranges ranges() {
        return new Ranges(local, absorption);
    }

    /** Takes states from a backup into the same state, and keeps hints for their other owners. */
    public Restoration restoration() {
        return new Restoration(self, local, absorption, hints, this::takesHint);
    }

    /** To be called before each event: see {@link LocalState}. */
    public void eventBegins() {
        local.eventBegins();
    }

    /** Whether the store does not show yet what this event asked to be written. */
    public boolean hasJustWritten() {
        return local.hasJustWritten();
    }

    /** Whether this replica minted anything in this life. */
    public boolean hasMinted() {
        return !actors.isEmpty();
    }

    /** Of {@code state} what this replica itself minted in this life. */
    public VersionSet mintedInThisLife(VersionSet state) {
        return state.only(actors::contains);
    }

    /** Whether what this node shows of the key as an owner's is on its disk. */
    public boolean isDurable(Key key) {
        return local.tokenUnderWay(key, null) == null && local.isKept(key, null);
    }

    public boolean isWritable() {
        return local.isWritable();
    }

    /**
     * What this node would answer to a reader: its own state if it is an owner, and what it keeps for others.
     *
     * @throws StoreBrokenException if the partition's store can't be read
     */
    public Reading read(int partition, Key key, Outlook outlook) {
        VersionSet hinted = local.hinted(partition, key);
        long stamp = hinted.isEmpty()
                ? outlook.stamps().stamp(partition)
                : outlook.stamps().promised(partition);
        if (!outlook.owns(self, partition)) {
            return new Reading(hinted, !hinted.isEmpty(), false, stamp);
        }
        VersionSet owned = local.owned(partition, key);
        // Asked afterwards: what was lost before it was read is known by now.
        boolean lacking = losses.isLacking(partition);
        return hinted.isEmpty()
                ? new Reading(owned, false, lacking, stamp)
                : new Reading(owned.absorb(hinted), true, lacking, stamp);
    }

    /** The stamp of what is minted here now, as an owner or not. To be called before it is minted. */
    public long stampOfPut(int partition, Key key, boolean owned, Outlook outlook) {
        if (owned) {
            return outlook.stamps().stamp(partition);
        }
        // What a client says in this life is news, whatever this life has heard of.
        takesHint(partition, key, Stamps.NOTHING, outlook.stamps());
        return local.hinted(partition, key).isEmpty()
                ? outlook.stamps().stamp(partition)
                : outlook.stamps().promised(partition);
    }

    /** A hint that is no older than {@code stamp} is about to be kept. */
    private void takesHint(int partition, Key key, long stamp, Stamps stamps) {
        if (stamps.promised(partition) == 0) {
            // Nothing was ever collected here, as far as it knows.
            return;
        }
        boolean first = local.hinted(partition, key).isEmpty();
        ages.took(
                partition,
                key,
                first,
                stamp,
                (p, other) -> !local.hinted(p, other).isEmpty());
    }

    /** Whether what is kept of the key for others was taken in this life, and is no older than {@code stamp}. */
    public boolean isHintNoOlder(Key key, long stamp) {
        return ages.isKnownNoOlder(key, stamp);
    }

    /** What was taken so far may be older than it was thought to be. */
    public void forgetHintAges() {
        ages.forget();
    }

    public void get(NodeId from, Message.ReplicaGet message, Outlook outlook, Outbox out) {
        Message.ReplicaGetReply reply;
        try {
            int partition = outlook.partitionOf(message.key());
            Reading reading = read(partition, message.key(), outlook);
            if (reading.lacking()) {
                out.observed(Probe.READ_OF_LACKING);
            }
            ReplicaStatus status = reading.lacking() ? ReplicaStatus.LACKING : ReplicaStatus.OK;
            boolean same = message.knownDigest() != 0 && message.knownDigest() == StateDigest.of(reading.state());
            VersionSet state = same ? VersionSet.EMPTY : reading.state();
            reply = new Message.ReplicaGetReply(
                    message.id(),
                    status,
                    same,
                    reading.hinted(),
                    state,
                    reading.stamp(),
                    outlook.stamps().epoch(partition));
        } catch (StoreBrokenException e) {
            // The store itself reports where it is broken; the asker only needs to know to ask another.
            reply = new Message.ReplicaGetReply(
                    message.id(), ReplicaStatus.STORAGE_BROKEN, false, false, VersionSet.EMPTY);
        }
        out.send(from, reply);
    }

    public void put(NodeId from, Message.ReplicaPut message, Outlook outlook, Now now, Outbox out) {
        out.observed(Probe.REPLICA_WRITE);
        if (!local.isWritable()) {
            out.send(from, new Message.ReplicaPutReply(message.id(), ReplicaStatus.STORAGE_FULL));
            return;
        }
        try {
            int partition = outlook.partitionOf(message.key());
            NodeId hintFor = message.hintFor();
            if ((hintFor == null || hintFor.equals(self)) && !outlook.owns(self, partition)) {
                out.observed(Probe.REQUEST_NOT_OWNER);
                out.send(from, new Message.ReplicaPutReply(message.id(), ReplicaStatus.NOT_OWNER));
                return;
            }
            outlook.stamps().heard(partition, message.stamp(), 0);
            if (isOutdated(partition, hintFor, message.stamp(), outlook.stamps())) {
                out.observed(Probe.OUTDATED_REFUSED);
                Stamps stamps = outlook.stamps();
                out.send(
                        from,
                        new Message.Outdated(
                                message.id(), partition, stamps.stamp(partition), stamps.epoch(partition)));
                return;
            }
            if (hintFor != null && !hintFor.equals(self)) {
                takesHint(partition, message.key(), message.stamp(), outlook.stamps());
            }
            Long token = merge(partition, message.key(), message.state(), hintFor, outlook, now, out);
            if (token == null) {
                out.send(from, new Message.ReplicaPutReply(message.id(), ReplicaStatus.OK));
            } else {
                askersByToken.computeIfAbsent(token, t -> new ArrayList<>(1)).add(new Asker(from, message.id()));
            }
        } catch (StoreBrokenException e) {
            out.send(from, new Message.ReplicaPutReply(message.id(), ReplicaStatus.STORAGE_BROKEN));
        }
    }

    /** An owner takes nothing that is older than what it has collected, and nobody keeps for another what is older than its own promise. */
    private boolean isOutdated(int partition, @Nullable NodeId hintFor, long stamp, Stamps stamps) {
        boolean own = hintFor == null || hintFor.equals(self);
        return stamp
                < (own ? stamps.takesFrom(partition) : Math.max(stamps.epoch(partition), stamps.keepsFrom(partition)));
    }

    /**
     * Merges {@code state} into what this node holds, as an owner or as a hint. It must not be {@linkplain dev.gramme.wire.Stamps older} than what this node takes.
     *
     * @param hintFor null: as an owner
     * @return the token to wait for until it is durable; null if it is already
     * @throws StoreBrokenException if the partition's store can't be read
     */
    public @Nullable Long merge(
            int partition, Key key, VersionSet state, @Nullable NodeId hintFor, Outlook outlook, Now now, Outbox out) {
        absorption.observe(state, now);
        if (hintFor == null || hintFor.equals(self)) {
            return mergeOwned(partition, key, state, List.of(), outlook, out);
        }
        if (outlook.owns(self, partition)) {
            // An owner keeps the state once, and of the hint only that it must still be told.
            VersionSet hint = hints.hint(partition, key, hintFor, state, true, outlook.policy(key));
            List<Mutation> pointer = List.of(new Mutation.SetHint(partition, key, hintFor, hint));
            return mergeOwned(partition, key, state, pointer, outlook, out);
        }
        return hints.merge(partition, key, state, hintFor, outlook, out);
    }

    private @Nullable Long mergeOwned(
            int partition, Key key, VersionSet state, List<Mutation> further, Outlook outlook, Outbox out) {
        VersionSet owned = local.owned(partition, key);
        VersionSet merged = absorption.absorb(owned, key, state, outlook, out);
        if (owned.equals(merged) && further.isEmpty() && local.isKept(key, null)) {
            out.observed(Probe.REPLICA_WRITE_CHANGED_NOTHING);
            return local.tokenUnderWay(key, null);
        }
        List<Mutation> mutations = new ArrayList<>(1 + further.size());
        mutations.add(new Mutation.SetState(partition, key, merged));
        mutations.addAll(further);
        return local.write(mutations, out);
    }

    /**
     * Notes that {@code owner} must still be told {@code state}: as a pointer to the own state where this node is an owner.
     *
     * @param stamp {@code state} is no older
     * @throws StoreBrokenException if the partition's store is needed for it and can't be read
     */
    public void keepHint(
            int partition, Key key, NodeId owner, VersionSet state, long stamp, Outlook outlook, Outbox out) {
        takesHint(partition, key, stamp, outlook.stamps());
        hints.keep(partition, key, owner, state, outlook, out);
    }

    /**
     * In one record: the hint for {@code owner} is gone, and each of {@code heirs} is to be told instead; this node, if it is one, merges it.
     *
     * @param hint its state; empty for a pointer to the own state
     * @throws StoreBrokenException if the partition's store is needed for it and can't be read; then nothing was done
     */
    public void handOnHint(
            int partition, Key key, NodeId owner, VersionSet hint, List<NodeId> heirs, Outlook outlook, Outbox out) {
        hints.handOn(partition, key, owner, hint, heirs, outlook, out);
    }

    public void persisted(long token, Outbox out) {
        local.persisted(token);
        answer(token, ReplicaStatus.OK, out);
    }

    public void persistFailed(long token, boolean full, Outbox out) {
        local.persistFailed(token);
        answer(token, full ? ReplicaStatus.STORAGE_FULL : ReplicaStatus.STORAGE_BROKEN, out);
    }

    private void answer(long token, ReplicaStatus status, Outbox out) {
        List<Asker> askers = askersByToken.remove(token);
        if (askers != null) {
            for (Asker asker : askers) {
                out.send(asker.node(), new Message.ReplicaPutReply(asker.id(), status));
            }
        }
    }
}
