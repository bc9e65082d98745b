package dev.gramme.antientropy.model;

import dev.gramme.version.VersionSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A round of collection, as its leader sees it. Nothing of it is kept: each of its three steps rests on facts that stay true. */
final class ModelRound {
    /** Below the number of a stamp: what makes it one that no other round has. */
    private static final int UNIQUE_BITS = 20;

    private static final int COMMITS_SENT = 3;

    private final ModelNode leader;
    private final CollectionModel model;
    private final int number;
    private final SortedMap<Integer, ModelMessage.Candidates> confirmed = new TreeMap<>();
    private final SortedSet<Integer> promised = new TreeSet<>();
    private long highest;
    private long epoch;
    /** 0 until it is chosen. */
    private long stamp;

    private @Nullable SortedMap<Integer, VersionSet> deleted;
    private int commits;

    ModelRound(ModelNode leader, int number, long highest) {
        this.leader = leader;
        this.model = leader.model;
        this.number = number;
        this.highest = Math.max(highest, leader.stamp);
        if (!model.holds(Rule.CONFIRMED_BEFORE_RAISED)) {
            chooseStamp();
        }
    }

    private void chooseStamp() {
        stamp = ((highest >> UNIQUE_BITS) + 1 << UNIQUE_BITS) + number;
    }

    long highest() {
        return highest;
    }

    /** Asks again whom it has not heard from. @return whether it is over */
    boolean tick() {
        if (deleted == null && (model.holds(Rule.CONFIRMED_BEFORE_RAISED) || promised.size() == members())) {
            for (int owner = 0; owner < owners(); owner++) {
                if (!confirmed.containsKey(owner)) {
                    model.send(leader.id, owner, new ModelMessage.Ask(number));
                }
            }
        }
        if (stamp != 0) {
            for (int member = 0; member < members(); member++) {
                if (!promised.contains(member)) {
                    ModelMessage.Candidates owner = confirmed.get(member);
                    int life = owner == null ? 0 : owner.life();
                    model.send(leader.id, member, new ModelMessage.Raise(number, stamp, epoch, life));
                }
            }
        }
        return commitIfPromised();
    }

    private int owners() {
        return CollectionModel.OWNERS;
    }

    private int members() {
        return model.holds(Rule.ALL_MEMBERS_PROMISE) ? CollectionModel.MEMBERS : CollectionModel.OWNERS;
    }

    boolean confirmed(int owner, ModelMessage.Candidates candidates) {
        if (candidates.round() != number || deleted != null) {
            return false;
        }
        confirmed.put(owner, candidates);
        highest = Math.max(highest, candidates.stamp());
        epoch = Math.max(epoch, candidates.epoch());
        if (confirmed.size() == owners()) {
            SortedMap<Integer, VersionSet> alike = new TreeMap<>();
            candidates.deleted().forEach((key, state) -> {
                if (confirmed.values().stream()
                        .allMatch(c -> state.equals(c.deleted().get(key)))) {
                    alike.put(key, state);
                }
            });
            deleted = alike;
            if (stamp == 0) {
                chooseStamp();
            }
            return alike.isEmpty() || tick();
        }
        return false;
    }

    boolean promised(int member, ModelMessage.Promised promise) {
        if (promise.round() != number) {
            return false;
        }
        highest = Math.max(highest, promise.stamp());
        if (promise.stamp() != stamp) {
            return true;
        }
        promised.add(member);
        return commitIfPromised();
    }

    private boolean commitIfPromised() {
        SortedMap<Integer, VersionSet> keys = deleted;
        if (keys == null || promised.size() < members()) {
            return false;
        }
        for (int owner = 0; owner < owners(); owner++) {
            model.send(leader.id, owner, new ModelMessage.Commit(stamp, keys));
        }
        commits++;
        return commits >= COMMITS_SENT;
    }
}
