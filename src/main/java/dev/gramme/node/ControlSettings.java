package dev.gramme.node;

import dev.gramme.membership.Timings;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane must know.
 *
 * @param instance a random number of this process, new at each start: two processes with one id are told apart by it, and all randomness comes from it
 * @param cluster name of the cluster: who has another is refused
 * @param partitions Q
 * @param replicas N
 * @param zone this node's failure domain
 * @param weight this node's capacity, as configured
 * @param bridge address of this node's bridge as told to others, host:port
 * @param http address of this node's REST front as told to others, host:port
 * @param program version of this program, for people
 * @param loops K, the data planes beside this control plane
 * @param initial the ring that a cluster starts with, if this node was given the list of its members; null if it joins one
 * @param bridges addresses (host:port) of the other configured members; unmodifiable
 */
public record ControlSettings(
        NodeId self,
        long instance,
        String cluster,
        int partitions,
        int replicas,
        String zone,
        int weight,
        String bridge,
        String http,
        String program,
        int loops,
        Timings timings,
        @Nullable Ring initial,
        SortedMap<NodeId, String> bridges) {

    public ControlSettings {
        bridges = Collections.unmodifiableSortedMap(new TreeMap<>(bridges));
        if (bridges.containsKey(self)) {
            throw new IllegalArgumentException("this node, " + self + ", is no other member than itself");
        }
        if (initial != null && !initial.members().containsKey(self)) {
            throw new IllegalArgumentException("this node, " + self + ", is not in its own list of members "
                    + initial.members().keySet());
        }
        if (initial != null && (initial.partitions() != partitions || initial.replicas() != replicas)) {
            throw new IllegalArgumentException("a ring of Q = " + initial.partitions() + " and N = "
                    + initial.replicas() + " for a cluster of Q = " + partitions + " and N = " + replicas);
        }
    }

    /** For people: what it may mean that members take our messages and none of them answers. */
    String unanswered() {
        return "the other members can be reached, but none ever answered " + self + ": is " + bridge
                + " its address in their lists of members too, or is another node with this id already running elsewhere?";
    }
}
