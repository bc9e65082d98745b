package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.Stamps;
import dev.gramme.wire.StateDigest;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One partition compared with one peer, from here: its tree is descended where hashes differ; of a few leaves at a time keys and digests are laid side by
 * side; what the peer holds otherwise is fetched and merged, and when that is durable the peer is sent what it lacks. Then the next leaves. The peer keeps
 * nothing of all this. Each step may be asked again: all it does is merge.
 */
final class Exchange {
    /** Leaves whose keys are asked for at once. */
    static final int LEAVES_A_MESSAGE = 64;
    /** Keys of leaves told at once, and so about the most that an exchange keeps in mind. */
    static final int KEYS_A_MESSAGE = 1_024;
    /** Keys whose states are asked for at once; how many bytes come is for the peer to bound. */
    static final int STATES_A_MESSAGE = 256;
    /** A peer reads from its disk what it is asked for. */
    static final int TIMEOUT_MILLIS = 5_000;
    /** How often a step is tried. */
    static final int ATTEMPTS = 4;

    private enum Step {
        TO_GO_ON,
        WAITING_FOR_PEER,
        WAITING_FOR_DISK,
        OVER
    }

    final Pair pair;
    final @Nullable String bucket;
    /** As somebody asked for it; null if its time has come. */
    final ExchangeSchedule.@Nullable Asked asked;

    /** Of the partition here, when it began ({@link dev.gramme.wire.Losses}). */
    final long loss;

    private final long ring;
    private final Trees trees;
    private final OwnStates own;
    private final Pushes pushes;
    private final Descent descent = new Descent();
    private final long beganNanos;

    private final ArrayDeque<Integer> leaves = new ArrayDeque<>();
    /** The last key of the first of the leaves that was compared already. */
    private @Nullable Key after;

    /** In the order in which they must be asked for. */
    private final SortedMap<Key, LeafComparison.Differing> toFetch = new TreeMap<>();

    /** Merged, and not known to be durable. */
    private final Map<Key, LeafComparison.Differing> fetched = new LinkedHashMap<>();

    private final Set<Long> tokens = new TreeSet<>();
    private boolean notKept;

    private Step step = Step.TO_GO_ON;
    private @Nullable Message request;
    private long requestId;
    private long timeoutNanos;
    private int attempts;
    private Outcome outcome = Outcome.EQUAL;
    private long compared;
    private long repairedHere;
    private long bytes;

    /**
     * @param ring hash of the settled ring
     * @param loss of the partition here, as it is now
     * @param asked what somebody asked for; null if its time has come
     */
    Exchange(
            Pair pair,
            long ring,
            long loss,
            ExchangeSchedule.@Nullable Asked asked,
            Trees trees,
            OwnStates own,
            long nowNanos) {
        this.pair = pair;
        this.loss = loss;
        this.ring = ring;
        this.asked = asked;
        this.bucket = asked == null ? null : asked.bucket();
        this.trees = trees;
        this.own = own;
        this.pushes = new Pushes(pair, own);
        this.beganNanos = nowNanos;
    }

    static Outcome outcomeOf(ReplicaStatus status) {
        return switch (status) {
            case OK -> Outcome.REPAIRED;
            case OVERLOADED -> Outcome.BUSY;
            case STORAGE_FULL -> Outcome.FULL;
            case STORAGE_BROKEN -> Outcome.BROKEN;
            case NOT_OWNER, LACKING, OUTDATED, NOT_COLLECTING -> Outcome.REFUSED;
        };
    }

    boolean isOver() {
        return step == Step.OVER;
    }

    long bytes() {
        return bytes;
    }

    Exchanged figures(Moment moment) {
        return new Exchanged(
                pair.partition(),
                pair.peer(),
                bucket,
                outcome,
                moment.now().wallMillis(),
                compared,
                repairedHere,
                pushes.acknowledged(),
                bytes,
                moment.nanos() - beganNanos);
    }

    /** Whether {@link #goOn} would do something. */
    boolean isToGoOn(long nowNanos) {
        return step == Step.TO_GO_ON || (step == Step.WAITING_FOR_PEER && nowNanos - timeoutNanos >= 0);
    }

    /** Does what can be done now. */
    void goOn(Moment moment) {
        try {
            if (step == Step.WAITING_FOR_PEER && moment.nanos() - timeoutNanos >= 0) {
                retry(moment);
            }
            if (step == Step.TO_GO_ON && !trees.isReady(pair.partition())) {
                end(Outcome.BUSY);
            }
            if (step == Step.TO_GO_ON) {
                next(moment);
            }
        } catch (UnreadableException e) {
            end(Outcome.BROKEN);
        }
    }

    private void next(Moment moment) {
        if (toFetch.isEmpty() && !pushes.isEmpty()) {
            push(moment);
        }
        if (step == Step.TO_GO_ON) {
            ask(moment);
        }
    }

    private void push(Moment moment) {
        if (!pushes.send(moment)) {
            end(Outcome.BROKEN);
        } else if (pushes.isWaiting()) {
            step = Step.WAITING_FOR_PEER;
            timeoutNanos = moment.nanosIn(TIMEOUT_MILLIS);
        }
        bytes += pushes.takeBytes();
    }

    private void ask(Moment moment) {
        Message next = nextRequest(moment);
        if (next == null) {
            boolean same = repairedHere == 0 && pushes.acknowledged() == 0;
            end(same ? Outcome.EQUAL : Outcome.REPAIRED);
            return;
        }
        request = next;
        step = Step.WAITING_FOR_PEER;
        timeoutNanos = moment.nanosIn(TIMEOUT_MILLIS);
        bytes += MessageCodec.sizeHint(next);
        moment.out().send(pair.peer(), next);
    }

    private @Nullable Message nextRequest(Moment moment) {
        int partition = pair.partition();
        if (!toFetch.isEmpty()) {
            List<Key> keys = toFetch.keySet().stream().limit(STATES_A_MESSAGE).toList();
            requestId = moment.out().nextId();
            return new Message.RepairStates(requestId, partition, ring, keys);
        }
        if (!descent.isOver()) {
            requestId = moment.out().nextId();
            long known = descent.level() == 0 ? trees.root(partition) : 0;
            long epoch = moment.outlook().stamps().epoch(partition);
            return new Message.TreeNodes(requestId, partition, ring, descent.level(), descent.next(), known, epoch);
        }
        if (!leaves.isEmpty()) {
            requestId = moment.out().nextId();
            List<Integer> some = leaves.stream().limit(LEAVES_A_MESSAGE).toList();
            return new Message.LeafKeys(requestId, partition, ring, some, after, KEYS_A_MESSAGE);
        }
        return null;
    }

    boolean isWaitingFor(long id, NodeId from) {
        return step == Step.WAITING_FOR_PEER
                && pair.peer().equals(from)
                && ((request != null && requestId == id) || pushes.knows(id));
    }

    void replied(Message.TreeReply reply, Moment moment) {
        request = null;
        bytes += MessageCodec.sizeHint(reply);
        if (reply instanceof Message.TreeHashes hashes) {
            moment.outlook().stamps().heard(pair.partition(), 0, hashes.epoch());
        }
        if (reply.status() != ReplicaStatus.OK) {
            end(outcomeOf(reply.status()));
            return;
        }
        if (!trees.isReady(pair.partition())) {
            end(Outcome.BUSY);
            return;
        }
        try {
            boolean isTaken = switch (reply) {
                case Message.TreeHashes hashes -> took(hashes);
                case Message.LeafDigests digests -> took(digests);
            };
            wentOn(isTaken, moment);
        } catch (UnreadableException e) {
            end(Outcome.BROKEN);
        }
    }

    private void wentOn(boolean isTaken, Moment moment) {
        step = Step.TO_GO_ON;
        if (isTaken) {
            attempts = 0;
        } else {
            retry(moment);
        }
    }

    private boolean took(Message.TreeHashes reply) {
        if (descent.isOver()) {
            return false;
        }
        if (reply.same()) {
            descent.foundSame();
            return true;
        }
        boolean isTaken = descent.take(reply.hashes(), trees, pair.partition());
        if (descent.isOver()) {
            leaves.addAll(descent.leaves());
        }
        return isTaken;
    }

    private boolean took(Message.LeafDigests reply) {
        boolean isAny = false;
        for (Message.Leaf theirs : reply.leaves()) {
            Integer leaf = leaves.peek();
            boolean isNothing = theirs.entries().isEmpty() && !theirs.complete();
            if (leaf == null || isNothing || toFetch.size() >= KEYS_A_MESSAGE) {
                return isAny;
            }
            LeafPage ours = trees.keys(pair.partition(), leaf, after, KEYS_A_MESSAGE);
            LeafComparison comparison = LeafComparison.of(ours, theirs);
            compared += comparison.compared();
            comparison.differing().stream().filter(d -> isMeant(d.key())).forEach(d -> toFetch.put(d.key(), d));
            comparison.lackedThere().stream().filter(this::isMeant).forEach(key -> pushes.add(key, 0));
            isAny = true;
            after = comparison.until();
            if (after != null) {
                return true;
            }
            leaves.remove();
        }
        return isAny;
    }

    private boolean isMeant(Key key) {
        return bucket == null || bucket.equals(key.bucket());
    }

    void replied(Message.RangePage page, Moment moment) {
        Message asked = request;
        request = null;
        bytes += MessageCodec.sizeHint(page);
        if (!(asked instanceof Message.RepairStates states) || page.status() != ReplicaStatus.OK) {
            end(outcomeOf(page.status()));
            return;
        }
        Stamps stamps = moment.outlook().stamps();
        stamps.heard(pair.partition(), 0, page.epoch());
        if (page.stamp() < stamps.epoch(pair.partition())) {
            // The peer has lost its memory, and hears of it.
            moment.out().observed(Probe.OUTDATED_REFUSED);
            end(Outcome.REFUSED);
            return;
        }
        List<Long> underWay = own.isWritable()
                ? own.merge(pair.partition(), page.entries(), moment.outlook(), moment.now(), moment.out())
                : List.of();
        if (underWay == null || !own.isWritable()) {
            end(underWay == null ? Outcome.BROKEN : Outcome.FULL);
            return;
        }
        tokens.addAll(underWay);
        Set<Key> came = new HashSet<>();
        page.entries().forEach(entry -> came.add(entry.key()));
        for (Key key : states.keys()) {
            LeafComparison.Differing differing = came.contains(key) || page.complete() ? toFetch.remove(key) : null;
            if (differing != null && came.contains(key)) {
                fetched.put(key, differing);
            }
        }
        wentOn(page.complete() || !came.isEmpty(), moment);
        if (step == Step.TO_GO_ON && !fetched.isEmpty()) {
            // Also when all is durable: what was merged shows when this event is over.
            step = Step.WAITING_FOR_DISK;
        }
    }

    void replied(Message.ReplicaPutReply reply, Moment moment) {
        Outcome refusal = pushes.replied(reply);
        if (refusal != null) {
            end(refusal);
        } else if (!pushes.isWaiting()) {
            wentOn(true, moment);
        }
    }

    /** A write of this node is durable, or never will be. Gives whether this exchange waited for it. */
    boolean settled(long token, boolean durable) {
        boolean isOurs = tokens.remove(token);
        notKept |= isOurs && !durable;
        return isOurs;
    }

    /** To be called in an event after that in which states came. */
    void goOnIfDurable() {
        if (step != Step.WAITING_FOR_DISK || !tokens.isEmpty()) {
            return;
        }
        if (notKept) {
            end(Outcome.FULL);
            return;
        }
        for (LeafComparison.Differing differing : fetched.values()) {
            VersionSet state = own.own(pair.partition(), differing.key());
            if (state == null) {
                end(Outcome.BROKEN);
                return;
            }
            long digest = state.isEmpty() ? 0 : StateDigest.of(state);
            repairedHere += digest == differing.ours() ? 0 : 1;
            if (digest != differing.theirs()) {
                pushes.add(differing.key(), differing.theirs());
            }
        }
        fetched.clear();
        step = Step.TO_GO_ON;
    }

    void undeliverable() {
        end(Outcome.SILENT);
    }

    private void retry(Moment moment) {
        attempts++;
        request = null;
        pushes.resend();
        step = Step.TO_GO_ON;
        if (attempts >= ATTEMPTS || !moment.outlook().view().isReadable(pair.peer())) {
            end(Outcome.SILENT);
        }
    }

    /** The partition is not to be compared any more by the ring that holds now. */
    void abandon() {
        end(Outcome.REFUSED);
    }

    private void end(Outcome how) {
        outcome = how;
        step = Step.OVER;
    }
}
