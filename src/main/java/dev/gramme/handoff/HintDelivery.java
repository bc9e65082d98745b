package dev.gramme.handoff;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Admission;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells owners that are back what was kept for them, a batch at a time to each, and drops a hint when its owner has it durably. Of those for an owner that stays away too many, or too old ones, are
 * given up ({@link HintRetirement}). Not thread-safe: one per loop.
 */
public final class HintDelivery {
    static final int FIRST_BACKOFF_MILLIS = 200;
    static final int MAX_BACKOFF_MILLIS = 10_000;
    /** How often the book is looked at for an owner whose hints, as it turned out, are all of other loops. */
    static final int IDLE_MILLIS = 100;
    /** Of states in a batch; one state, however large. Clients' writes go to the same owner by the same queue, and must find room in it. */
    static final int MAX_BATCH_BYTES = 256 << 10;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** What delivery needs of this node. */
    public interface Holder {
        /** This node's own state of the key; null if it can't be read now. */
        @Nullable
        VersionSet own(int partition, Key key);

        /** Whether this node may have lost some of what it held of the partition ({@link dev.gramme.wire.Losses}). */
        boolean isLacking(int partition);

        long hintActor();

        /** Hints that this actor's dots were in are gone: mint by another from now on. */
        void renewHintActor();

        /**
         * In one record: the hint is gone, and each of {@code heirs} is to be told instead; this node, if it is one, merges it.
         *
         * @return false if nothing was done: a store can't be read, or the disk takes no writes
         */
        boolean handOn(HintBook.Hint hint, List<NodeId> heirs, Outlook outlook, Outbox out);
    }

    private final HintBook book;
    private final Holder holder;
    private final HintEnds ends;
    private final HintRetirement retirement;
    private final NodeId self;
    private final int loop;
    private final int loops;
    private final int batch;
    private final int timeoutMillis;
    private final Admission admission;
    private final SortedMap<NodeId, OwnerDelivery> owners = new TreeMap<>();
    private final Map<Long, OwnerDelivery> byId = new HashMap<>();

    /**
     * @param batch hints delivered to one owner before the next waits for their acknowledgement
     * @param admission when a batch may be read and sent
     */
    public HintDelivery(
            HintBook book,
            Holder holder,
            NodeId self,
            int loop,
            int loops,
            int batch,
            int timeoutMillis,
            HintBounds bounds,
            Admission admission) {
        this.book = book;
        this.holder = holder;
        this.ends = new HintEnds(book, holder);
        this.retirement = new HintRetirement(book, holder, ends, self, bounds, loop, loops, admission);
        this.self = self;
        this.loop = loop;
        this.loops = loops;
        this.batch = batch;
        this.timeoutMillis = timeoutMillis;
        this.admission = admission;
    }

    public void tick(Outlook outlook, Now now, Outbox out) {
        for (OwnerDelivery owner : owners.values()) {
            if (owner.waiting > 0 && now.nanos() >= owner.timeoutNanos) {
                giveUp(owner, now);
            }
        }
        retirement.tick(outlook);
        SortedMap<NodeId, Long> counts = book.counts();
        if (counts.isEmpty()) {
            return;
        }
        for (NodeId id : counts.keySet()) {
            OwnerDelivery owner = owners.computeIfAbsent(id, o -> new OwnerDelivery(batch));
            if (now.nanos() >= owner.nextHandOnNanos) {
                boolean isMore = ends.handOn(id, loop, loops, batch, outlook, out);
                owner.nextHandOnNanos = now.nanos() + (isMore ? 0 : IDLE_MILLIS * NANOS_PER_MILLI);
            }
            if (!outlook.view().isWritable(id)) {
                // When it is back, it is worth a try at once.
                owner.backoffMillis = FIRST_BACKOFF_MILLIS;
                owner.nextNanos = now.nanos();
            } else if (!id.equals(self)) {
                if (owner.waiting == 0 && now.nanos() >= owner.nextNanos && admission.isOpen(now.nanos())) {
                    deliver(id, owner, outlook, now, out);
                }
            }
        }
        // Last: what was handed on must be delivered first, or there would be more of it all the time.
        for (NodeId id : counts.keySet()) {
            retirement.look(id, outlook, now, out);
        }
    }

    private void deliver(NodeId id, OwnerDelivery owner, Outlook outlook, Now now, Outbox out) {
        forgetLast(owner);
        List<HintBook.Hint> hints = nextBatch(id, owner, outlook.view().topology());
        owner.nextNanos = hints.isEmpty() ? now.nanos() + IDLE_MILLIS * NANOS_PER_MILLI : now.nanos();
        owner.timeoutNanos = now.nanos() + timeoutMillis * NANOS_PER_MILLI;
        owner.failed = false;
        // Who has left the ring says whom it speaks for: it is listened to in nothing else.
        NodeId hintFor = outlook.view().serves(self) ? null : id;
        long maxBytes = admission.sliceBytes(MAX_BATCH_BYTES);
        int taken = 0;
        boolean passedOver = false;
        long bytes = 0;
        for (HintBook.Hint hint : hints) {
            if (bytes >= maxBytes) {
                // One that can't be written keeps nobody waiting: the next batch begins behind the last of this.
                owner.nextPartition = hints.get(taken - 1).partition() + loops;
                break;
            }
            taken++;
            boolean pointer = hint.state().isEmpty();
            VersionSet state = pointer ? holder.own(hint.partition(), hint.key()) : hint.state();
            if (state == null) {
                owner.failed = true;
            } else if (state.isEmpty() && mayComeBack(hint.partition(), outlook)) {
                passedOver = true;
            } else if (state.isEmpty()) {
                // A pointer to nothing: there is nothing to tell.
                out.persist(List.of(new Mutation.DropHint(hint.partition(), hint.key(), id)));
            } else {
                bytes += StateCodec.sizeHint(state);
                long digest = StateDigest.of(state);
                long messageId = out.nextId();
                owner.sent.put(messageId, new OwnerDelivery.Sent(hint, pointer, digest));
                byId.put(messageId, owner);
                owner.waiting++;
                long promised = outlook.stamps().promised(hint.partition());
                out.send(id, new Message.ReplicaPut(messageId, hint.key(), state, hintFor, promised));
            }
        }
        if (taken > 0) {
            admission.took(bytes, now.nanos());
        }
        owner.limit = taken < hints.size() ? taken : Math.min(batch, 2 * owner.limit);
        if (owner.waiting == 0 && owner.failed) {
            backOff(owner, now);
        } else if (passedOver) {
            // They wait for this node, not for their owner: what follows them goes on.
            owner.partition = owner.nextPartition;
            owner.nextNanos = now.nanos() + (owner.waiting == 0 ? IDLE_MILLIS * NANOS_PER_MILLI : 0);
        }
    }

    /** What a pointer points to may be lost, and come back when this node is whole again. */
    private boolean mayComeBack(int partition, Outlook outlook) {
        return holder.isLacking(partition)
                && outlook.view().topology().settled().owns(self, partition);
    }

    /** Of this loop's partitions in turn. */
    private List<HintBook.Hint> nextBatch(NodeId id, OwnerDelivery owner, Topology topology) {
        int partitions = topology.settled().partitions();
        List<HintBook.Hint> hints = new ArrayList<>(owner.limit);
        int partition = owner.partition < partitions ? Math.max(loop, owner.partition) : loop;
        owner.partition = partition;
        owner.nextPartition = partition;
        int ours = (partitions - loop + loops - 1) / loops;
        long bytes = 0;
        for (int looked = 0; looked < ours && hints.size() < owner.limit && bytes < MAX_BATCH_BYTES; looked++) {
            // One partition is a loop of its own among as many loops.
            if (topology.owns(id, partition)) {
                List<HintBook.Hint> some =
                        book.next(id, partition, partitions, owner.limit - hints.size(), MAX_BATCH_BYTES - bytes);
                for (HintBook.Hint hint : some) {
                    bytes += StateCodec.sizeHint(hint.state());
                }
                hints.addAll(some);
            }
            partition = partition + loops < partitions ? partition + loops : loop;
            owner.nextPartition = partition;
        }
        return hints;
    }

    private void forgetLast(OwnerDelivery owner) {
        for (Long id : owner.sent.keySet()) {
            byId.remove(id);
        }
        owner.sent.clear();
    }

    /** A reply to a delivery, or to nobody here. */
    public void replied(NodeId from, Message.ReplicaPutReply reply, Outlook outlook, Now now, Outbox out) {
        OwnerDelivery.Sent sent = take(reply.id(), from);
        if (sent != null) {
            boolean delivered = reply.status() == ReplicaStatus.OK;
            if (delivered) {
                out.observed(Probe.HINT_DELIVERED);
                ends.delivered(sent.hint(), sent.digest(), sent.pointer(), outlook, out);
            }
            oneLess(sent.owner(), !delivered, now);
        }
    }

    public void undeliverable(NodeId to, long id, Now now) {
        OwnerDelivery.Sent sent = take(id, to);
        if (sent != null) {
            oneLess(sent.owner(), true, now);
        }
    }

    private OwnerDelivery.@Nullable Sent take(long id, NodeId node) {
        OwnerDelivery owner = byId.get(id);
        OwnerDelivery.Sent sent = owner == null ? null : owner.sent.get(id);
        if (owner == null || sent == null || !sent.owner().equals(node)) {
            return null;
        }
        byId.remove(id);
        return owner.sent.remove(id);
    }

    private void oneLess(NodeId id, boolean failed, Now now) {
        OwnerDelivery owner = owners.get(id);
        if (owner == null) {
            throw new IllegalStateException("a delivery to " + id + " that was never begun");
        }
        if (owner.waiting == 0) {
            // Its batch was given up.
            return;
        }
        owner.waiting--;
        owner.failed |= failed;
        if (owner.waiting == 0) {
            if (owner.failed) {
                backOff(owner, now);
            } else {
                owner.backoffMillis = FIRST_BACKOFF_MILLIS;
            }
        }
    }

    private static void giveUp(OwnerDelivery owner, Now now) {
        owner.waiting = 0;
        backOff(owner, now);
    }

    private static void backOff(OwnerDelivery owner, Now now) {
        owner.partition = owner.nextPartition;
        owner.nextNanos = now.nanos() + owner.backoffMillis * NANOS_PER_MILLI;
        owner.backoffMillis = Math.min(2 * owner.backoffMillis, MAX_BACKOFF_MILLIS);
    }
}
