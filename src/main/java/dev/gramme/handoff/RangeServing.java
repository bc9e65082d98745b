package dev.gramme.handoff;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Admission;
import dev.gramme.wire.HeldRequests;
import dev.gramme.wire.Message;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.Stamps;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives ranges away: to who comes to own them by the proposal that this node goes by too. So each write that this node takes from then on, and that the
 * asker's page has not, is told the asker by who coordinates it.
 */
public final class RangeServing {
    /** At most so many bytes of states in a page, whatever is asked for; but one state, however large. */
    static final int MAX_PAGE_BYTES = 2 << 20;
    /** Who has waited for so long is told to ask later: before it holds this node for silent. */
    static final int PATIENCE_MILLIS = RangeTransfers.PULL_TIMEOUT_MILLIS / 2;

    /** What a page costs beside its entries: in bytes of states that cost as much. */
    private static final int PAGE_COST_BYTES = 4 << 10;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Port: how far this node is with what it lacks ({@link dev.gramme.wire.Losses}). */
    public interface Comparisons {
        /** Whether a partition that is lacking was compared since with every other owner that a change under way does not exclude. */
        boolean areDoneWithAllThatServe(int partition, View view);
    }

    private final NodeId self;
    private final OwnedRanges ranges;
    private final Comparisons compared;
    private final Admission admission;
    private final HeldRequests<Message.RangeRequest> held = new HeldRequests<>();

    public RangeServing(NodeId self, OwnedRanges ranges, Comparisons compared, Admission admission) {
        this.self = self;
        this.ranges = ranges;
        this.compared = compared;
        this.admission = admission;
    }

    /** Answered at once if it is admitted, else with one of the next {@link #tick}s. */
    public void asked(NodeId from, Message.RangeRequest request, Outlook outlook, Now now, Outbox out) {
        if (held.isEmpty() && admission.isOpen(now.nanos())) {
            answer(from, request, outlook, now, out);
        } else if (held.add(from, request, now.nanos())) {
            out.observed(Probe.RANGE_HELD_BACK);
        } else {
            later(from, request, out);
        }
    }

    public void tick(Outlook outlook, Now now, Outbox out) {
        while (!held.isEmpty() && admission.isOpen(now.nanos())) {
            HeldRequests.Held<Message.RangeRequest> next = held.take();
            answer(next.from(), next.request(), outlook, now, out);
        }
        held.takeOlder(PATIENCE_MILLIS * NANOS_PER_MILLI, now.nanos())
                .forEach(late -> later(late.from(), late.request(), out));
    }

    private static void later(NodeId from, Message.RangeRequest request, Outbox out) {
        out.observed(Probe.RANGE_PUT_OFF);
        out.send(from, refused(request.id(), ReplicaStatus.OVERLOADED));
    }

    private void answer(NodeId from, Message.RangeRequest request, Outlook outlook, Now now, Outbox out) {
        if (request instanceof Message.PullRange pull) {
            outlook.stamps().heard(pull.partition(), 0, pull.epoch());
            if (pull.offers()) {
                out.observed(Probe.RANGE_OFFERED);
            }
        }
        Message.RangePage page = switch (request) {
            case Message.PullRange pull ->
                mayGive(from, pull.partition(), pull.proposal(), outlook)
                        ? whole(pull, range(pull, outlook.stamps()), outlook)
                        : refused(pull.id(), ReplicaStatus.NOT_OWNER);
            case Message.PullKeys pull ->
                mayGive(from, pull.partition(), pull.proposal(), outlook)
                        ? whole(pull, keys(pull, outlook.stamps()), outlook)
                        : refused(pull.id(), ReplicaStatus.NOT_OWNER);
        };
        long bytes = PAGE_COST_BYTES;
        for (Message.RangeEntry entry : page.entries()) {
            bytes += RangeTransfers.ENTRY_COST_BYTES + StateCodec.sizeHint(entry.state());
        }
        admission.took(bytes, now.nanos());
        out.send(from, page);
    }

    private boolean mayGive(NodeId from, int partition, Proposal.Id id, Outlook outlook) {
        Topology topology = outlook.view().topology();
        Proposal proposal = topology.proposal();
        return proposal != null
                && proposal.id().equals(id)
                && outlook.view().serves(from)
                && partition < topology.settled().partitions()
                && topology.settled().owns(self, partition);
    }

    /**
     * Nobody takes over from who may have lost something alone: the newcomer's place would count for what this one's does not. So that is said, with what is left. Asked when the page was
     * read: what was lost before is known by then. This node has all that is left by exchanges with the owners that are not excluded; those that are can be asked by nobody, and the change needs it.
     */
    private Message.RangePage whole(Message.RangeRequest request, Message.RangePage page, Outlook outlook) {
        int partition = request.partition();
        return page.status() == ReplicaStatus.OK
                        && ranges.losses().isLacking(partition)
                        && !compared.areDoneWithAllThatServe(partition, outlook.view())
                ? new Message.RangePage(
                        page.id(), ReplicaStatus.LACKING, page.entries(), page.complete(), page.stamp(), page.epoch())
                : page;
    }

    private Message.RangePage range(Message.PullRange pull, Stamps stamps) {
        int maxBytes = admission.sliceBytes(Math.clamp(pull.maxBytes(), 1, MAX_PAGE_BYTES));
        OwnedRanges.Page page = ranges.page(pull.partition(), pull.after(), maxBytes);
        if (page == null) {
            return refused(pull.id(), ReplicaStatus.STORAGE_BROKEN);
        }
        List<Message.RangeEntry> entries = new ArrayList<>(page.entries().size());
        long bytes = 0;
        for (Message.RangeEntry entry : page.entries()) {
            bytes += StateCodec.sizeHint(entry.state());
            if (!pull.offers() && bytes > 2L * maxBytes && !entries.isEmpty()) {
                // A state that is large for itself is sent by itself: a message has a bound too.
                return page(pull, entries, false, stamps);
            }
            entries.add(pull.offers() ? new Message.RangeEntry(entry.key(), entry.digest(), VersionSet.EMPTY) : entry);
        }
        return page(pull, entries, page.complete(), stamps);
    }

    private static Message.RangePage page(
            Message.RangeRequest request, List<Message.RangeEntry> entries, boolean complete, Stamps stamps) {
        int partition = request.partition();
        return new Message.RangePage(
                request.id(), ReplicaStatus.OK, entries, complete, stamps.stamp(partition), stamps.epoch(partition));
    }

    private Message.RangePage keys(Message.PullKeys pull, Stamps stamps) {
        List<Message.RangeEntry> entries = new ArrayList<>(pull.keys().size());
        int maxBytes = admission.sliceBytes(MAX_PAGE_BYTES);
        long bytes = 0;
        for (Key key : pull.keys()) {
            VersionSet state = ranges.own(pull.partition(), key);
            if (state == null) {
                return refused(pull.id(), ReplicaStatus.STORAGE_BROKEN);
            }
            if (state.isEmpty()) {
                continue;
            }
            bytes += StateCodec.sizeHint(state);
            if (bytes > maxBytes && !entries.isEmpty()) {
                return page(pull, entries, false, stamps);
            }
            entries.add(new Message.RangeEntry(key, StateDigest.of(state), state));
        }
        return page(pull, entries, true, stamps);
    }

    private static Message.RangePage refused(long id, ReplicaStatus status) {
        return new Message.RangePage(id, status, List.of(), false);
    }
}
