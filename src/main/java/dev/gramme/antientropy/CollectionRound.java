package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Message;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.StampDates;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One round of collection, as its leader sees it. Nothing of it is kept: each of its steps rests on facts that stay true, so it may be broken off anywhere, and each
 * question may be lost, doubled or asked again.
 */
final class CollectionRound {
    /** One message has room for them. */
    static final int KEYS_A_ROUND = 256;

    enum Step {
        /** All owners are to confirm, and all other members to answer at all: who does not, or does not understand, is not to find that all others went on. */
        ASKING,
        /** Then they are to promise; before anybody else, so that no owner is ever refused by a member that went on before it. */
        RAISING_OWNERS,
        /** And then all members. */
        RAISING_OTHERS,
        COMMITTING,
        COMMITTED,
        GIVEN_UP
    }

    interface Questions {
        void ask(NodeId member, Message.CollectionRequest request);
    }

    final long id;
    final int partition;
    private final long ring;
    private final List<NodeId> owners;
    private final SortedSet<NodeId> members;
    private final SortedMap<NodeId, Message.CollectionKeys> confirmed = new TreeMap<>();
    /** Members that own nothing of it and have answered. */
    private final SortedSet<NodeId> heard = new TreeSet<>();
    /** Those of this step that have done what was asked. */
    private final SortedSet<NodeId> done = new TreeSet<>();

    /** Who has said that it takes part in no round. */
    private @Nullable NodeId unwilling;

    private List<KeyDigest> keys;
    private final long latestMillis;
    private Step step = Step.ASKING;
    private long highest;
    private long epoch;
    private long stamp;

    /**
     * @param id a number that no other request of this node has
     * @param latestMillis none of the keys' versions was made later
     * @param highest stamp heard of
     */
    CollectionRound(long id, int partition, Ring settled, List<KeyDigest> keys, long latestMillis, long highest) {
        this.id = id;
        this.partition = partition;
        this.ring = settled.hash();
        this.owners = settled.owners(partition);
        this.members = new TreeSet<>(settled.members().keySet());
        this.keys = List.copyOf(keys);
        this.latestMillis = latestMillis;
        this.highest = highest;
    }

    Step step() {
        return step;
    }

    boolean isOver() {
        return step == Step.COMMITTED || step == Step.GIVEN_UP;
    }

    int keys() {
        return keys.size();
    }

    long highest() {
        return highest;
    }

    void giveUp() {
        step = Step.GIVEN_UP;
    }

    /** Who takes part in no round, if that is why it was given up. */
    @Nullable
    NodeId unwilling() {
        return unwilling;
    }

    /** Whom it waits for. */
    List<NodeId> waitsFor() {
        boolean ofAll = step == Step.ASKING || step == Step.RAISING_OTHERS;
        List<NodeId> waiting = new ArrayList<>(ofAll ? members : owners);
        waiting.removeAll(step == Step.ASKING ? confirmed.keySet() : done);
        if (step == Step.ASKING) {
            waiting.removeAll(heard);
        }
        return waiting;
    }

    /** Asks all that it waits for; those again that were asked before. */
    void ask(Questions questions) {
        Step asking = step;
        for (NodeId member : waitsFor()) {
            if (step == asking) {
                questions.ask(member, question(member));
            }
        }
    }

    private Message.CollectionRequest question(NodeId member) {
        return switch (step) {
            case ASKING -> new Message.CollectionAsk(id, partition, ring, keys);
            case RAISING_OWNERS, RAISING_OTHERS -> {
                Message.CollectionKeys owner = confirmed.get(member);
                yield new Message.CollectionRaise(id, partition, ring, stamp, epoch, owner == null ? 0 : owner.life());
            }
            case COMMITTING, COMMITTED, GIVEN_UP -> new Message.CollectionCommit(id, partition, ring, stamp, keys);
        };
    }

    /** Gives whether the next step has begun. */
    boolean replied(NodeId from, Message.CollectionReply reply) {
        return switch (reply) {
            case Message.CollectionKeys candidates -> step == Step.ASKING && confirmed(from, candidates);
            case Message.CollectionDone said -> step != Step.ASKING && !isOver() && done(from, said);
        };
    }

    private boolean confirmed(NodeId from, Message.CollectionKeys candidates) {
        if (candidates.status() == ReplicaStatus.NOT_COLLECTING) {
            unwilling = from;
            giveUp();
            return false;
        }
        if (!owners.contains(from)) {
            heard.add(from);
            return isConfirmed();
        }
        if (candidates.status() != ReplicaStatus.OK) {
            giveUp();
            return false;
        }
        confirmed.putIfAbsent(from, candidates);
        highest = Math.max(highest, candidates.stamp());
        epoch = Math.max(epoch, candidates.epoch());
        return isConfirmed();
    }

    private boolean isConfirmed() {
        if (!waitsFor().isEmpty()) {
            return false;
        }
        Set<Integer> alike =
                new LinkedHashSet<>(confirmed.values().iterator().next().keys());
        confirmed.values().forEach(each -> alike.retainAll(each.keys()));
        List<KeyDigest> all = keys;
        keys = alike.stream()
                .filter(place -> place < all.size())
                .sorted()
                .map(all::get)
                .toList();
        if (keys.isEmpty()) {
            giveUp();
            return false;
        }
        stamp = StampDates.next(highest, latestMillis, unique());
        highest = stamp;
        step = Step.RAISING_OWNERS;
        return true;
    }

    /**
     * Two rounds that are led at once, or one after a restart that has forgotten the first, may come to the same second: so below it is a share of the round's id and of its leader's
     * name, alike for two of them once in a hundred million.
     */
    private long unique() {
        long mixed = id;
        for (char c : owners.getFirst().name().toCharArray()) {
            mixed = (mixed ^ c) * 0x100000001B3L;
        }
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        return mixed ^ (mixed >>> 31);
    }

    private boolean done(NodeId from, Message.CollectionDone said) {
        if (said.committed() != (step == Step.COMMITTING)) {
            // A late copy, of an earlier step.
            return false;
        }
        highest = Math.max(highest, said.stamp());
        if (said.status() != ReplicaStatus.OK || said.stamp() != stamp) {
            giveUp();
            return false;
        }
        done.add(from);
        if (!waitsFor().isEmpty()) {
            return false;
        }
        step = switch (step) {
            case RAISING_OWNERS -> Step.RAISING_OTHERS;
            case RAISING_OTHERS -> Step.COMMITTING;
            case COMMITTING, ASKING, COMMITTED, GIVEN_UP -> Step.COMMITTED;
        };
        if (step == Step.COMMITTING) {
            done.clear();
        } else if (step == Step.RAISING_OTHERS && waitsFor().isEmpty()) {
            step = Step.COMMITTING;
            done.clear();
        }
        return step != Step.COMMITTED;
    }
}
