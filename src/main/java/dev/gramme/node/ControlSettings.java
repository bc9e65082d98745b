package dev.gramme.node;

import dev.gramme.membership.Member;
import dev.gramme.membership.StaticMembers;
import dev.gramme.membership.Timings;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;

/**
 * What the control plane must know.
 *
 * @param instance a random number of this process, new at each start: two processes with one id are told apart by it
 * @param cluster name of the cluster: who has another is refused
 * @param ring as claimed from {@code members}; Q and N are its
 * @param members this node among them
 * @param http address of this node's REST front, host:port, told to the others
 */
public record ControlSettings(
        NodeId self, long instance, String cluster, Ring ring, StaticMembers members, Timings timings, String http) {

    public ControlSettings {
        if (!members.byId().containsKey(self)) {
            throw new IllegalArgumentException("this node, " + self + ", is not in its own list of members "
                    + members.byId().keySet());
        }
        if (!members.byId().keySet().equals(ring.members().keySet())) {
            throw new IllegalArgumentException("the ring is of other members: "
                    + ring.members().keySet() + ", not " + members.byId().keySet());
        }
    }

    /** For people: what it may mean that members take our heartbeats and none of them answers. */
    String unanswered() {
        Member listed = members.byId().get(self);
        return "the other members can be reached, but none ever answered " + self + ": is "
                + (listed == null ? "its address" : listed.bridge())
                + " its address in their lists of members too, or is another node with this id already running elsewhere?";
    }
}
