package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.StagedChange;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How a node that goes by nobody's ring comes to one: by the list of members that it was configured with, if a member has been heard and none knows a ring; by
 * what a member tells otherwise. A node that finds itself outside then stages that it wants in, and again whenever a ring settles without it, until somebody cancels
 * that. A node that has left does not: it was in.
 */
final class Arrival {
    private final NodeId self;
    private final StagedChanges staged;
    private @Nullable Ring initial;
    private boolean heardOfRing;
    private boolean wantsIn;

    /** @param initial the ring of the configured members; null if there is none, or this node has a memory of its own */
    Arrival(NodeId self, @Nullable Ring initial, StagedChanges staged) {
        this.self = self;
        this.initial = initial;
        this.staged = staged;
        StagedChange own = staged.of(self);
        this.wantsIn = own != null && own.kind() == StagedChange.Kind.JOIN;
    }

    /** The ring to begin with at once: of a list that names only this node. Null if there is none. */
    @Nullable
    Ring alone() {
        Ring ring = initial;
        return ring != null && ring.members().size() == 1 ? ring : null;
    }

    /** The ring to begin with now that a member was heard; null if somebody knows a later one, or there is none. */
    @Nullable
    Ring peerHeard(SortedMap<NodeId, MemberRecord> records) {
        boolean known = heardOfRing;
        for (MemberRecord record : records.values()) {
            known |= record.ring().settled() > 0 && !record.id().equals(self);
        }
        return known ? null : initial;
    }

    void ringHeard() {
        heardOfRing = true;
    }

    /**
     * Whether the word of {@code from} is enough to come into the middle of a change: it was in the ring and is needed by the proposal, so if it has not gone over to
     * a rival, nobody reads by the rival yet.
     */
    static boolean mayLetIn(NodeId from, Ring settled, Proposal proposal) {
        return settled.members().containsKey(from) && !proposal.excluded().contains(from);
    }

    /** Goes by this ring, having gone by nobody's. */
    void takesUp(Ring ring) {
        wantsIn = !ring.members().containsKey(self);
    }

    /** Goes by another settled ring. */
    void settled(Ring ring) {
        initial = null;
        staged.rebase(ring.version());
        wantsIn &= !ring.members().containsKey(self);
        if (wantsIn) {
            staged.stage(StagedChange.Kind.JOIN, self, 0, null);
        }
    }

    /** Somebody may have cancelled it, or asked for it again. */
    void look() {
        StagedChange own = staged.of(self);
        if (own != null && (own.kind() == StagedChange.Kind.NONE || own.kind() == StagedChange.Kind.JOIN)) {
            wantsIn = own.kind() == StagedChange.Kind.JOIN;
        }
    }

    /** It goes by nobody's ring again, and waits for another cluster's. */
    void again() {
        heardOfRing = false;
        wantsIn = false;
        staged.rebase(0);
    }
}
