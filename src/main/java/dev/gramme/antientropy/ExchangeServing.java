package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Admission;
import dev.gramme.wire.HeldRequests;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.Stamps;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;

/** Answers other owners of a partition about its tree, its keys and its states. Keeps nothing between two questions. Not thread-safe. */
public final class ExchangeServing {
    /** Of states in one answer, about. */
    static final int MAX_PAGE_BYTES = 1 << 20;

    private final NodeId self;
    private final Trees trees;
    private final OwnStates own;
    private final Unbuilt unbuilt;
    private final Admission admission;
    private final HeldRequests<Message.RepairRequest> held = new HeldRequests<>();

    public ExchangeServing(NodeId self, Trees trees, OwnStates own, Unbuilt unbuilt, Admission admission) {
        this.self = self;
        this.trees = trees;
        this.own = own;
        this.unbuilt = unbuilt;
        this.admission = admission;
    }

    /** Answered at once if it is admitted, else with one of the next {@link #tick}s. */
    public void asked(NodeId from, Message.RepairRequest request, Outlook outlook, long nowNanos, Outbox out) {
        if (held.isEmpty() && admission.isOpen(nowNanos)) {
            answer(from, request, outlook, nowNanos, out);
        } else if (held.add(from, request, nowNanos)) {
            out.observed(Probe.EXCHANGE_HELD_BACK);
        } else {
            out.send(from, refused(request, ReplicaStatus.OVERLOADED));
        }
    }

    public void tick(Outlook outlook, long nowNanos, Outbox out) {
        while (!held.isEmpty() && admission.isOpen(nowNanos)) {
            HeldRequests.Held<Message.RepairRequest> next = held.take();
            answer(next.from(), next.request(), outlook, nowNanos, out);
        }
    }

    private void answer(NodeId from, Message.RepairRequest request, Outlook outlook, long nowNanos, Outbox out) {
        ReplicaStatus status = statusFor(from, request, outlook.view().topology());
        if (request instanceof Message.TreeNodes nodes) {
            outlook.stamps().heard(nodes.partition(), 0, nodes.epoch());
        }
        Message answer = refused(request, status);
        if (status == ReplicaStatus.OK) {
            try {
                answer = answer(request, outlook.stamps());
            } catch (UnreadableException e) {
                answer = refused(request, ReplicaStatus.STORAGE_BROKEN);
            }
        }
        admission.took(MessageCodec.sizeHint(answer), nowNanos);
        out.send(from, answer);
    }

    private ReplicaStatus statusFor(NodeId from, Message.RepairRequest request, Topology topology) {
        if (request.ring() != topology.settled().hash() || !Pair.mayMend(topology, request.partition(), self, from)) {
            return ReplicaStatus.NOT_OWNER;
        }
        if (!trees.isReady(request.partition())) {
            unbuilt.add(request.partition());
            return ReplicaStatus.OVERLOADED;
        }
        return ReplicaStatus.OK;
    }

    private static Message refused(Message.RepairRequest request, ReplicaStatus status) {
        return switch (request) {
            case Message.TreeNodes m -> new Message.TreeHashes(m.id(), status, false, List.of());
            case Message.LeafKeys m -> new Message.LeafDigests(m.id(), status, List.of());
            case Message.RepairStates m -> new Message.RangePage(m.id(), status, List.of(), false);
        };
    }

    private Message answer(Message.RepairRequest request, Stamps stamps) {
        return switch (request) {
            case Message.TreeNodes m -> hashes(m, stamps.epoch(m.partition()));
            case Message.LeafKeys m -> digests(m);
            case Message.RepairStates m -> states(m, stamps);
        };
    }

    private Message hashes(Message.TreeNodes m, long epoch) {
        if (m.level() == 0 && m.known() == trees.root(m.partition())) {
            return new Message.TreeHashes(m.id(), ReplicaStatus.OK, true, List.of(), epoch);
        }
        List<Long> hashes = new ArrayList<>();
        int nodes = m.level() < MerkleTree.DEPTH ? Math.min(m.nodes().size(), Descent.NODES_A_MESSAGE) : 0;
        for (int node : m.nodes().subList(0, nodes)) {
            if (node < Descent.nodesAt(m.level())) {
                for (long hash : trees.children(m.partition(), m.level(), node)) {
                    hashes.add(hash);
                }
            }
        }
        return new Message.TreeHashes(m.id(), ReplicaStatus.OK, false, hashes, epoch);
    }

    private Message digests(Message.LeafKeys m) {
        List<Message.Leaf> leaves = new ArrayList<>();
        int left = Math.clamp(m.maxKeys(), 1, Exchange.KEYS_A_MESSAGE);
        Key after = m.after();
        for (int leaf : m.leaves().subList(0, Math.min(m.leaves().size(), Exchange.LEAVES_A_MESSAGE))) {
            if (left == 0 || leaf >= MerkleTree.LEAVES) {
                break;
            }
            LeafPage page = trees.keys(m.partition(), leaf, after, left);
            leaves.add(new Message.Leaf(page.entries(), page.complete()));
            left = page.complete() ? left - page.entries().size() : 0;
            after = null;
        }
        return new Message.LeafDigests(m.id(), ReplicaStatus.OK, leaves);
    }

    private Message states(Message.RepairStates m, Stamps stamps) {
        List<Message.RangeEntry> entries = new ArrayList<>();
        long bytes = 0;
        int maxBytes = admission.sliceBytes(MAX_PAGE_BYTES);
        int keys = Math.min(m.keys().size(), Exchange.STATES_A_MESSAGE);
        for (Key key : m.keys().subList(0, keys)) {
            VersionSet state = own.own(m.partition(), key);
            if (state == null) {
                return refused(m, ReplicaStatus.STORAGE_BROKEN);
            }
            if (!state.isEmpty()) {
                bytes += StateCodec.sizeHint(state);
                if (bytes > maxBytes && !entries.isEmpty()) {
                    return page(m, entries, false, stamps);
                }
                entries.add(new Message.RangeEntry(key, StateDigest.of(state), state));
            }
        }
        return page(m, entries, keys == m.keys().size(), stamps);
    }

    private static Message page(
            Message.RepairStates m, List<Message.RangeEntry> entries, boolean complete, Stamps stamps) {
        int partition = m.partition();
        return new Message.RangePage(
                m.id(), ReplicaStatus.OK, entries, complete, stamps.stamp(partition), stamps.epoch(partition));
    }
}
