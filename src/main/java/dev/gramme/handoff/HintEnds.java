package dev.gramme.handoff;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How hints end. One that was delivered is dropped; but while the ring changes and its owner gives the partition away, who takes its place may have read that
 * key from it already: so the hint goes on to the successor. One for a node that owns the partition by no ring any more goes on to all who do.
 */
final class HintEnds {
    private final HintBook book;
    private final HintDelivery.Holder holder;

    HintEnds(HintBook book, HintDelivery.Holder holder) {
        this.book = book;
        this.holder = holder;
    }

    /** Who is to be told in the place of {@code owner}, if it has been told or can't be any more; null if nobody is known who could be. */
    static @Nullable List<NodeId> heirs(Topology topology, int partition, NodeId owner) {
        if (!topology.owns(owner, partition)) {
            List<NodeId> owners = topology.owners(partition);
            return owners.isEmpty() ? null : owners;
        }
        NodeId successor = topology.successor(partition, owner);
        return successor == null ? List.of() : List.of(successor);
    }

    /**
     * The owner holds durably what it was sent. A hint that was written anew while it was on its way stays, and is delivered again.
     *
     * @param sent digest of what was sent
     * @param pointer the hint was one to the own state then
     */
    void delivered(HintBook.Hint hint, long sent, boolean pointer, Outlook outlook, Outbox out) {
        VersionSet newest = book.read(hint.partition(), hint.key(), hint.owner());
        if (newest == null || newest.isEmpty() != pointer) {
            return;
        }
        VersionSet told = pointer ? holder.own(hint.partition(), hint.key()) : newest;
        if (told == null || StateDigest.of(told) != sent) {
            return;
        }
        List<NodeId> heirs = heirs(outlook.view().topology(), hint.partition(), hint.owner());
        if (heirs == null) {
            return;
        }
        HintBook.Hint last = new HintBook.Hint(hint.partition(), hint.key(), hint.owner(), newest);
        if (heirs.isEmpty()) {
            out.persist(List.of(new Mutation.DropHint(hint.partition(), hint.key(), hint.owner())));
        } else if (holder.handOn(last, heirs, outlook, out)) {
            out.observed(Probe.HINT_MOVED);
        } else {
            return;
        }
        forgets(newest);
    }

    /** Hands on what waits for {@code owner} in partitions that it owns by no ring: at most {@code limit} hints, or a batch's bytes. Gives whether more may be left. */
    boolean handOn(NodeId owner, int loop, int loops, int limit, Outlook outlook, Outbox out) {
        Topology topology = outlook.view().topology();
        int partitions = topology.settled().partitions();
        int done = 0;
        long bytes = 0;
        for (int p = loop; p < partitions && done < limit && bytes < HintDelivery.MAX_BATCH_BYTES; p += loops) {
            List<NodeId> heirs = topology.owns(owner, p) ? null : heirs(topology, p, owner);
            if (heirs != null) {
                for (HintBook.Hint hint :
                        book.next(owner, p, partitions, limit - done, HintDelivery.MAX_BATCH_BYTES - bytes)) {
                    // What was read counts, also if it could not be written: a full disk is no reason to read all again
                    // and again.
                    bytes += StateCodec.sizeHint(hint.state());
                    if (holder.handOn(hint, heirs, outlook, out)) {
                        out.observed(Probe.HINT_HANDED_ON);
                        forgets(hint.state());
                        done++;
                    }
                }
            }
        }
        return done == limit || bytes >= HintDelivery.MAX_BATCH_BYTES;
    }

    /** The book has forgotten this hint: its actor must not go on minting for the key. */
    void forgets(VersionSet hint) {
        if (hint.context().counterOf(holder.hintActor()) > 0) {
            holder.renewHintActor();
        }
    }
}
