package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingDiff;
import dev.gramme.ring.RingMember;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a plan costs in safety and in traffic, one line each, for people. */
final class PlanWarnings {
    /** Share of all slots: more of them moving is worth a word. */
    private static final int MUCH_PERCENT = 50;

    /** A share so far from its weight's, and a slot more, is worth a word. */
    private static final double FAR = 0.05;

    private PlanWarnings() {}

    static List<String> of(Ring before, Ring after, SortedSet<NodeId> excluded) {
        List<String> warnings = new ArrayList<>();
        int width = Math.min(after.replicas(), after.members().size());
        if (width < after.replicas()) {
            warnings.add("each partition has " + width + " owners instead of N = " + after.replicas()
                    + ", because only " + after.members().size() + " members are in the ring");
        }
        crowded(after, width, warnings);
        for (NodeId node : excluded) {
            warnings.add(
                    node + " is given up for gone: what it alone has acknowledged is lost, and its places are filled"
                            + " by the other owners");
        }
        int moves = RingDiff.between(before, after).gained().size();
        int slots = width * after.partitions();
        if (moves * 100L > (long) slots * MUCH_PERCENT) {
            warnings.add(moves + " of " + slots + " places move: that is most of the data");
        }
        shares(before, after, slots, warnings);
        return warnings;
    }

    private static void crowded(Ring after, int width, List<String> warnings) {
        SortedSet<String> zones = new TreeSet<>();
        after.members().values().forEach(member -> zones.add(member.zone()));
        int possible = Math.min(width, zones.size());
        int crowded = 0;
        for (List<NodeId> owners : after.owners()) {
            SortedSet<String> used = new TreeSet<>();
            for (NodeId owner : owners) {
                RingMember member = after.members().get(owner);
                used.add(member == null ? "" : member.zone());
            }
            crowded += used.size() < possible ? 1 : 0;
        }
        if (crowded > 0) {
            warnings.add(crowded + " partitions are in fewer zones than the " + possible
                    + " that are possible: a replacement from the zone of the one that is gone would keep them apart");
        }
    }

    /** Of members that the plan is about. */
    private static void shares(Ring before, Ring after, int slots, List<String> warnings) {
        long weights = 0;
        for (RingMember member : after.members().values()) {
            weights += member.weight();
        }
        for (RingMember member : after.members().values()) {
            double ideal = (double) slots * member.weight() / weights;
            int share = after.share(member.id());
            boolean asBefore = member.equals(before.members().get(member.id()));
            if (!asBefore && Math.abs(share - ideal) > 1 + ideal * FAR) {
                warnings.add(member.id() + " owns " + share + " partitions, by its weight it would be "
                        + Math.round(ideal) + ": nobody owns a partition twice, and zones are kept apart");
            }
        }
    }
}
