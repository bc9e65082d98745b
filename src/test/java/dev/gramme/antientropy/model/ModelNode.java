package dev.gramme.antientropy.model;

import dev.gramme.antientropy.model.ModelDisk.Place;
import dev.gramme.version.VersionSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One member, of one partition. The first {@link CollectionModel#OWNERS} own it. */
final class ModelNode {
    final int id;
    final CollectionModel model;
    ModelDisk disk = new ModelDisk();
    /** By which operations begin; as high as the promise at least. */
    long stamp;

    boolean lacking;
    /** Counts its processes. */
    private int life;

    private final SortedSet<Integer> whole = new TreeSet<>();
    final ModelRequests requests = new ModelRequests(this);
    /** As a leader: the highest stamp heard of. */
    private long highest;

    private @Nullable ModelRound round;

    ModelNode(int id, CollectionModel model) {
        this.id = id;
        this.model = model;
    }

    boolean owns() {
        return id < CollectionModel.OWNERS;
    }

    /** All that is in memory alone is gone. */
    void restart() {
        life++;
        requests.clear();
        round = null;
        stamp = disk.promised;
        whole.clear();
        // A node that knows that it lacks something writes that down.
    }

    /** What it tells of its own: the store is no older than the stamp, hints no older than the promise. */
    long stampOf(int key) {
        return disk.hinted(key).isEmpty() ? stamp : disk.promised;
    }

    private VersionSet read(int key) {
        return owns() ? disk.state(key).merge(disk.hinted(key)) : disk.hinted(key);
    }

    /** What is kept for owners is delivered, and dropped when they have it. */
    void deliverHints() {
        for (SortedMap.Entry<Place, VersionSet> hint : new TreeMap<>(disk.hints).entrySet()) {
            Place place = hint.getKey();
            if (place.owner() == id) {
                disk.merge(place.key(), hint.getValue());
                disk.hints.remove(place);
            } else {
                long old = disk.promised;
                model.send(id, place.owner(), new ModelMessage.Put(0, place.key(), hint.getValue(), old, -1));
            }
        }
    }

    /** A page of an exchange with another owner. */
    void tell(int owner) {
        if (!lacking) {
            disk.store.forEach((key, state) -> model.send(id, owner, new ModelMessage.Put(0, key, state, stamp, -1)));
        }
        // Also who holds nothing hears of a collection that it has not promised.
        model.send(id, owner, new ModelMessage.Pulled(new TreeMap<>(), disk.epoch, 0));
    }

    void handle(int from, ModelMessage message) {
        switch (message) {
            case ModelMessage.Put put -> take(from, put);
            case ModelMessage.PutReply reply -> replied(from, reply);
            case ModelMessage.Get get ->
                model.send(
                        id,
                        from,
                        new ModelMessage.GetReply(
                                get.op(), read(get.key()), stampOf(get.key()), disk.epoch, owns() && !lacking));
            case ModelMessage.GetReply reply -> {
                requests.replied(from, reply);
                heardOf(reply.epoch());
            }
            case ModelMessage.Ask ask -> {
                if (owns() && !lacking) {
                    model.send(id, from, new ModelMessage.Candidates(ask.round(), deleted(), stamp, disk.epoch, life));
                }
            }
            case ModelMessage.Raise raise -> raise(from, raise);
            case ModelMessage.Commit commit -> commit(commit);
            case ModelMessage.Pull ignored -> {
                if (!lacking) {
                    model.send(id, from, new ModelMessage.Pulled(new TreeMap<>(disk.store), disk.epoch, disk.promised));
                }
            }
            case ModelMessage.Pulled pulled -> pulled(from, pulled);
            case ModelMessage.Candidates candidates -> inRound(r -> r.confirmed(from, candidates));
            case ModelMessage.Promised promised -> inRound(r -> r.promised(from, promised));
        }
    }

    /** Begins a round, or goes on with it. */
    void lead() {
        if (round == null) {
            round = new ModelRound(this, model.nextOperation(), highest);
        }
        inRound(ModelRound::tick);
    }

    private void inRound(Predicate<ModelRound> step) {
        ModelRound going = round;
        if (going != null && step.test(going)) {
            highest = going.highest();
            round = null;
        }
    }

    private void take(int from, ModelMessage.Put put) {
        boolean ok = put.hintFor() < 0 || put.hintFor() == id
                ? owns() && (put.stamp() >= disk.epoch || !model.holds(Rule.OWNERS_REFUSE_OLD_STAMPS))
                : put.stamp() >= disk.promised || !model.holds(Rule.FALLBACKS_REFUSE_OLD_STAMPS);
        if (ok && (put.hintFor() < 0 || put.hintFor() == id)) {
            disk.merge(put.key(), put.state());
        } else if (ok) {
            disk.hint(new Place(put.key(), put.hintFor()), put.state());
        }
        model.send(
                id,
                from,
                new ModelMessage.PutReply(put.op(), put.key(), put.hintFor(), ok, put.state(), ok ? 0 : disk.epoch));
    }

    private void replied(int from, ModelMessage.PutReply reply) {
        heardOf(reply.epoch());
        Place place = new Place(reply.key(), from);
        if (reply.ok() && reply.hintFor() < 0 && reply.state().equals(disk.hints.get(place))) {
            disk.hints.remove(place);
        }
        requests.replied(from, reply);
    }

    private SortedMap<Integer, VersionSet> deleted() {
        SortedMap<Integer, VersionSet> deleted = new TreeMap<>();
        disk.store.forEach((key, state) -> {
            if (!state.isEmpty() && state.values().isEmpty()) {
                deleted.put(key, state);
            }
        });
        return deleted;
    }

    private void raise(int from, ModelMessage.Raise raise) {
        heardOf(model.holds(Rule.WHO_FORGOT_DOES_NOT_PROMISE) ? raise.epoch() : 0);
        boolean other = owns() && raise.life() != life && model.holds(Rule.WHO_FORGOT_DOES_NOT_PROMISE);
        if (lacking || other && model.holds(Rule.CONFIRMED_BEFORE_RAISED)) {
            model.send(id, from, new ModelMessage.Promised(raise.round(), -1));
            return;
        }
        if (raise.stamp() < stamp) {
            model.send(id, from, new ModelMessage.Promised(raise.round(), stamp));
            return;
        }
        stamp = raise.stamp();
        if ((!requests.isAnyOlderThan(stamp) || !model.holds(Rule.OLD_OPERATIONS_ARE_OVER))
                && (disk.hints.isEmpty() || !model.holds(Rule.NO_HINT_IS_KEPT))) {
            disk.promised = model.holds(Rule.PROMISES_ARE_DURABLE) ? stamp : disk.promised;
            model.send(id, from, new ModelMessage.Promised(raise.round(), stamp));
        }
    }

    private void commit(ModelMessage.Commit commit) {
        heardOf(commit.stamp());
        if (commit.stamp() <= disk.epoch) {
            return;
        }
        commit.deleted().forEach((key, state) -> {
            if (disk.state(key).equals(state) || !model.holds(Rule.DIGESTS_ARE_COMPARED)) {
                model.keyCollected();
                disk.store.remove(key);
            }
        });
        disk.epoch = commit.stamp();
    }

    /** Nobody collects what this node has not promised: if it knows of no such promise, its disk was put back to an earlier time, or is a new one. */
    private void heardOf(long epoch) {
        if (epoch > disk.promised && model.holds(Rule.WHO_FORGOT_SETS_ASIDE)) {
            disk = new ModelDisk();
            disk.promised = epoch;
            disk.epoch = epoch;
            restart();
            lacking = owns();
        }
    }

    void pullIfLacking() {
        if (lacking) {
            for (int owner = 0; owner < CollectionModel.OWNERS; owner++) {
                if (owner != id && !whole.contains(owner)) {
                    model.send(id, owner, new ModelMessage.Pull());
                }
            }
        }
    }

    private void pulled(int from, ModelMessage.Pulled pulled) {
        heardOf(pulled.epoch());
        if (lacking && pulled.promised() >= disk.promised) {
            pulled.store().forEach(disk::merge);
            whole.add(from);
            lacking = whole.size() < CollectionModel.OWNERS - 1;
        }
    }
}
