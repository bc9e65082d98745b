package dev.gramme.handoff;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.version.Now;
import dev.gramme.wire.Admission;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.StateCodec;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How hints end for an owner that stays away: when more bytes wait for it, or for longer, than {@link HintBounds} says. The owner will hear of it all the same: who comes back
 * compares its trees with every other owner's. But a hint may be one of the W copies that an acknowledgement counted, and another owner may not have the state. So it is forgotten only in one record with
 * hints for all the other owners of the key, and while these are all up: soon each of them has it. A pointer to this node's own state, as an owner's, is no copy: it is just
 * forgotten. While its owner is up, or the ring changes, no hint is given up: hints are delivered, and who takes an owner's place needs them.
 *
 * <p>Not thread-safe: one per loop.
 */
final class HintRetirement {
    /** Hints given up in one turn; no more follow when they come to {@link HintDelivery#MAX_BATCH_BYTES}: they are read into memory. */
    static final int AT_ONCE = 16;

    /** Between two turns once the time is over: so many writes of a key make one hint, which is given up once. */
    static final int PAUSE_MILLIS = 10_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** An owner that is away, and has been since hints began to wait for it. */
    private static final class Absence {
        final long sinceNanos;
        long nextNanos = Long.MIN_VALUE;
        boolean isBoundMet;

        Absence(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    private final HintBook book;
    private final HintDelivery.Holder holder;
    private final HintEnds ends;
    private final NodeId self;
    private final HintBounds bounds;
    private final int loop;
    private final int loops;
    private final Admission admission;
    private final SortedMap<NodeId, Absence> absences = new TreeMap<>();

    HintRetirement(
            HintBook book,
            HintDelivery.Holder holder,
            HintEnds ends,
            NodeId self,
            HintBounds bounds,
            int loop,
            int loops,
            Admission admission) {
        this.book = book;
        this.holder = holder;
        this.ends = ends;
        this.self = self;
        this.bounds = bounds;
        this.loop = loop;
        this.loops = loops;
        this.admission = admission;
    }

    /** To be called in each tick, before hints are looked at. */
    void tick(Outlook outlook) {
        absences.keySet().removeIf(owner -> outlook.view().isWritable(owner));
    }

    /** Hints wait for {@code owner}. */
    void look(NodeId owner, Outlook outlook, Now now, Outbox out) {
        if (owner.equals(self) || outlook.view().isWritable(owner)) {
            return;
        }
        Absence absence = absences.computeIfAbsent(owner, o -> new Absence(now.nanos()));
        if (now.nanos() < absence.nextNanos) {
            return;
        }
        boolean isOld = now.nanos() - absence.sinceNanos >= bounds.ageMillis() * NANOS_PER_MILLI;
        boolean isMet = isOld || book.bytes(owner) > bounds.bytesPerOwner();
        if (isMet && !absence.isBoundMet) {
            out.observed(Probe.HINT_BOUND_MET);
        }
        absence.isBoundMet = isMet;
        boolean mayGiveUp =
                outlook.view().topology().target() == null && outlook.view().isWritable(self);
        if (!isMet || !mayGiveUp) {
            absence.nextNanos = now.nanos() + HintDelivery.IDLE_MILLIS * NANOS_PER_MILLI;
        } else if (admission.isOpen(now.nanos()) && !retire(owner, outlook, now, out)) {
            absence.nextNanos = now.nanos() + (isOld ? PAUSE_MILLIS : HintDelivery.IDLE_MILLIS) * NANOS_PER_MILLI;
        }
    }

    /** Gives whether more may be left. A partition of which one can't be given up is left for another time. */
    private boolean retire(NodeId owner, Outlook outlook, Now now, Outbox out) {
        Topology topology = outlook.view().topology();
        int partitions = topology.settled().partitions();
        int retired = 0;
        long read = 0;
        long told = 0;
        for (int p = loop; p < partitions && retired < AT_ONCE && read < HintDelivery.MAX_BATCH_BYTES; p += loops) {
            List<NodeId> others = others(topology, p, owner);
            if (!others.isEmpty() && others.stream().allMatch(other -> isHere(other, outlook))) {
                long room = HintDelivery.MAX_BATCH_BYTES - read;
                for (HintBook.Hint hint : book.next(owner, p, partitions, AT_ONCE - retired, room)) {
                    if (!retire(hint, others, outlook, out)) {
                        break;
                    }
                    retired++;
                    read += StateCodec.sizeHint(hint.state());
                    told += (long) StateCodec.sizeHint(hint.state()) * others.size();
                }
            }
        }
        admission.took(told, now.nanos());
        return retired == AT_ONCE || read >= HintDelivery.MAX_BATCH_BYTES;
    }

    private boolean isHere(NodeId node, Outlook outlook) {
        return node.equals(self) || outlook.view().isWritable(node);
    }

    /** The other owners; none where {@code owner} is no owner itself: those hints are handed on anyway. */
    private static List<NodeId> others(Topology topology, int partition, NodeId owner) {
        List<NodeId> owners = topology.settled().owners(partition);
        return owners.contains(owner)
                ? owners.stream().filter(other -> !other.equals(owner)).toList()
                : List.of();
    }

    private boolean retire(HintBook.Hint hint, List<NodeId> others, Outlook outlook, Outbox out) {
        if (hint.state().isEmpty() && others.contains(self)) {
            out.persist(List.of(new Mutation.DropHint(hint.partition(), hint.key(), hint.owner())));
        } else if (holder.handOn(hint, others, outlook, out)) {
            ends.forgets(hint.state());
        } else {
            return false;
        }
        out.observed(Probe.HINT_RETIRED);
        return true;
    }
}
