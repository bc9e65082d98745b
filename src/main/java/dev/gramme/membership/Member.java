package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;

/**
 * A member of the cluster as configured: what the claim knows of it, and where its bridge is.
 *
 * @param bridge address of its bridge, host:port
 */
public record Member(RingMember claim, String bridge) {
    public NodeId id() {
        return claim.id();
    }
}
