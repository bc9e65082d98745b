package dev.gramme.runtime;

import dev.gramme.node.KeptTopology;
import dev.gramme.storage.StorageStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How this node does, in words for probes and people.
 *
 * @param lacking partitions that may have lost something
 * @param problems of the cluster or this node as a whole, one line each
 * @param live no loop is stuck
 */
record Condition(StorageStatus disk, int lacking, List<String> problems, boolean live, boolean draining) {

    LocalNode.NodeState state() {
        return new LocalNode.NodeState(true, live, draining, disk.writable(), detail());
    }

    private String detail() {
        if (!live) {
            return "a serial loop has not come round for " + SerialLoop.STUCK_NANOS / 1_000_000_000L + " s";
        }
        if (draining) {
            return "stopping";
        }
        if (!disk.broken().isEmpty()) {
            return "the disk is broken: " + disk.broken();
        }
        if (disk.full()) {
            return "the disk is full: read-only until there is room";
        }
        if (!disk.damage().isEmpty()) {
            return "damage found: " + disk.damage().getLast();
        }
        if (lacking > 0) {
            return lacking + " partitions may lack some of what they held, and are compared with their other owners";
        }
        return String.join("; ", problems);
    }

    /** One line for the log. */
    static String atStart(NodePlan plan, @Nullable KeptTopology kept, StorageStatus disk) {
        return "cluster " + plan.cluster() + ", bridge " + plan.bind() + ", " + ring(plan.place(), kept) + ", "
                + plan.partitions() + " partitions, " + plan.loops() + " loops, " + disk.recovered()
                + " writes replayed" + (disk.cutBytes() > 0 ? ", " + disk.cutBytes() + " unfinished bytes cut" : "")
                + (disk.cleanStart() ? "" : ", new actor");
    }

    private static String ring(Place place, @Nullable KeptTopology kept) {
        if (kept != null && kept.table().settled().version() > 0) {
            return "ring " + kept.table().settled().version() + " of "
                    + kept.table().settled().members().size()
                    + " members as kept in the data directory"
                    + (place.initial() == null ? "" : " (it wins over --members)");
        }
        if (place.initial() == null) {
            return "no ring yet: it is asked for at " + place.seeds();
        }
        return "first ring of " + place.initial().members().size() + " members";
    }
}
