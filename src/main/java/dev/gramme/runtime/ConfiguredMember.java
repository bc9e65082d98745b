package dev.gramme.runtime;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;

/**
 * A member of the first ring, as configured.
 *
 * @param bridge address of its bridge, host:port
 */
record ConfiguredMember(RingMember claim, String bridge) {
    NodeId id() {
        return claim.id();
    }
}
