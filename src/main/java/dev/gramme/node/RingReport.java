package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.RingTable;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a member says of the ring to others, and what it notes of what they say. */
final class RingReport {
    private RingReport() {}

    /** The same for equal tables. */
    static long hash(RingTable table) {
        Proposal proposal = table.proposal();
        long hash = table.settled().hash();
        if (proposal != null) {
            Proposal.Id id = proposal.id();
            hash = 31 * (31 * (31 * hash + id.number()) + id.proposer().hashCode()) + id.hash();
        }
        for (StagedChange change : table.staged()) {
            // Not the record's own hash code: an enum's differs from process to process.
            hash = 31 * hash + change.node().hashCode();
            hash = 31 * hash + change.number();
            hash = 31 * hash + change.base();
            hash = 31 * hash + change.kind().ordinal();
            hash = 31 * hash + change.weight();
            hash = 31 * hash
                    + (change.successor() == null ? 0 : change.successor().hashCode());
        }
        return hash;
    }

    /** Whether {@code table} is what {@code standing} goes by: the settled ring and the very proposal. */
    static boolean isOf(RingTable table, RingStanding standing) {
        Proposal kept = table.proposal();
        Proposal mine = standing.proposal();
        boolean same = kept == null || mine == null ? kept == mine : kept.id().equals(mine.id());
        return same && table.settled().version() == standing.settled().version();
    }

    /** @param error why the disk has not the newest state; empty if it has */
    static RingStatus status(
            Topology topology,
            String error,
            List<StagedChange> staged,
            SortedMap<NodeId, RingProgress> progress,
            List<String> waitingForMembers) {
        List<String> waiting = new ArrayList<>();
        if (!error.isEmpty()) {
            waiting.add("this node can't keep the ring on its disk, and goes no further until it can: " + error);
        }
        waiting.addAll(waitingForMembers);
        Proposal change = topology.proposal();
        return new RingStatus(
                topology.settled().version(),
                topology.settled().hash(),
                change == null ? null : change.id(),
                progress,
                waiting,
                staged);
    }

    /** @param gained how many partitions the member comes to own */
    static RingProgress told(KeptTopology durable, int gained, TransferFigures figures) {
        Proposal proposal = durable.table().proposal();
        return new RingProgress(
                durable.table().settled().version(),
                proposal == null ? null : proposal.id(),
                durable.phase(),
                gained,
                Math.min(durable.received().cardinality(), gained),
                figures.bytes(),
                figures.bytesPerSecond());
    }

    /** Empty, or how the two differ in what is fixed for a cluster's life. */
    static String otherShape(Ring other, Ring mine) {
        return other.partitions() == mine.partitions() && other.replicas() == mine.replicas()
                ? ""
                : "has Q = " + other.partitions() + " and N = " + other.replicas() + ", this node Q = "
                        + mine.partitions() + " and N = " + mine.replicas() + ", both fixed for a cluster's life";
    }

    /** As kept, or by the first ring where a program kept it that knew no lineages. 0 if that is over. */
    static long lineage(KeptTopology kept) {
        Ring settled = kept.table().settled();
        return kept.lineage() != 0 ? kept.lineage() : settled.version() == 1 ? settled.lineage() : 0;
    }

    /**
     * Empty, or why the two can't be rings of one cluster: they came of different first rings, or have no member in common. Members are replaced one by one; who
     * missed that all were is in none of their rings itself, and has been given up by the operator's word.
     *
     * @param lineage of the ring of this node; 0 if it is not known
     * @param theirLineage of the other
     */
    static String strangers(Ring other, Ring mine, long lineage, long theirLineage) {
        Set<NodeId> theirs = other.members().keySet();
        Set<NodeId> ours = mine.members().keySet();
        if (ours.isEmpty() || theirs.isEmpty()) {
            return "";
        }
        boolean first = other.version() == 1 && mine.version() == 1;
        boolean otherOrigin = !first && lineage != 0 && theirLineage != 0 && lineage != theirLineage;
        if (!otherOrigin && !Collections.disjoint(theirs, ours)) {
            return "";
        }
        return "its ring " + other.version() + " of " + theirs
                + (otherOrigin ? " came of another first ring than" : " has no member in common with")
                + " this node's ring " + mine.version() + " of " + ours
                + ": it belongs to another cluster of the same name and key,"
                + " and nothing of it is taken over. Correct the seeds, or give the clusters different names;"
                + " a node that was away while all others were replaced must begin with an empty data directory";
    }

    /** Where the other members are, by what they say or by what was known before; {@code before} if nobody is. */
    static SortedMap<NodeId, String> bridges(
            Collection<NodeId> members,
            NodeId self,
            SortedMap<NodeId, MemberRecord> records,
            SortedMap<NodeId, String> before) {
        SortedMap<NodeId, String> bridges = new TreeMap<>();
        for (NodeId member : members) {
            MemberRecord record = records.get(member);
            String bridge = record == null ? before.get(member) : record.bridge();
            if (bridge != null && !bridge.isEmpty() && !member.equals(self)) {
                bridges.put(member, bridge);
            }
        }
        return bridges.isEmpty() ? before : bridges;
    }
}
