package dev.gramme.membership;

import dev.gramme.wire.Message.Heartbeat;

/**
 * What every member must have in common.
 *
 * @param partitions Q
 * @param replicas N
 */
public record Admission(String cluster, int partitions, int replicas) {

    /** Why the sender can't be a member of this cluster, told to its operator; empty if it can. */
    public String objection(Heartbeat heartbeat) {
        if (!heartbeat.cluster().equals(cluster)) {
            return "it is of cluster '" + heartbeat.cluster() + "', this node of cluster '" + cluster
                    + "'. Correct its cluster name, or its list of members";
        }
        if (heartbeat.partitions() != partitions) {
            return "it has Q = " + heartbeat.partitions() + " partitions, this cluster " + partitions
                    + ". Q is fixed for a cluster's life: configure it with the cluster's, and an empty data directory";
        }
        if (heartbeat.replicas() != replicas) {
            return "it has N = " + heartbeat.replicas() + " replicas, this cluster " + replicas
                    + ". N is the same on all nodes: configure it with the cluster's";
        }
        return "";
    }
}
