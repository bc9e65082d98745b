package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this node keeps for other owners. A hint is a state, or, where this node's own store says as much, a pointer to that (an empty state).
 *
 * <p>A ring that changes makes owners of fallbacks and the other way round. So a new hint goes on from the one that is there: one that says a state goes on
 * saying states, and a pointer to what is not an owner's any more becomes that state.
 */
final class HintKeeping {
    private final NodeId self;
    private final LocalState local;
    private final Absorption absorption;

    HintKeeping(NodeId self, LocalState local, Absorption absorption) {
        this.self = self;
        this.local = local;
        this.absorption = absorption;
    }

    /**
     * The hint to write, so that {@code owner} will be told {@code state} and all that it was to be told before.
     *
     * @param pointer the own store says {@code state} too, as an owner's
     * @throws StoreBrokenException if the partition's store is needed for it and can't be read
     */
    VersionSet hint(int partition, Key key, NodeId owner, VersionSet state, boolean pointer, ConflictPolicy policy) {
        VersionSet known = local.hint(partition, key, owner);
        if (known == null) {
            return pointer ? VersionSet.EMPTY : state;
        }
        if (!known.isEmpty()) {
            return known.absorb(state).settle(policy);
        }
        return pointer
                ? VersionSet.EMPTY
                : local.owned(partition, key).absorb(state).settle(policy);
    }

    /** Keeps {@code state} for {@code owner}, as no owner. Gives the token to wait for; null if it is durable already. */
    @Nullable
    Long merge(int partition, Key key, VersionSet state, NodeId owner, Outlook outlook, Outbox out) {
        ConflictPolicy policy = outlook.policy(key);
        VersionSet known = local.hint(partition, key, owner);
        VersionSet merged = hint(partition, key, owner, state, false, policy).settle(policy);
        if (known != null && known.equals(merged) && local.isKept(key, owner)) {
            out.observed(Probe.REPLICA_WRITE_CHANGED_NOTHING);
            return local.tokenUnderWay(key, owner);
        }
        out.observed(Probe.HINT_STORED);
        return local.write(List.of(new Mutation.SetHint(partition, key, owner, merged)), out);
    }

    /** Notes that {@code owner} must still be told {@code state}. */
    void keep(int partition, Key key, NodeId owner, VersionSet state, Outlook outlook, Outbox out) {
        VersionSet known = local.hint(partition, key, owner);
        VersionSet hint = hint(partition, key, owner, state, outlook.owns(self, partition), outlook.policy(key));
        if (known == null || !known.equals(hint) || !local.isKept(key, owner)) {
            out.observed(Probe.HINT_STORED);
            local.write(List.of(new Mutation.SetHint(partition, key, owner, hint)), out);
        }
    }

    /** In one record: the hint for {@code owner} is gone, and each of {@code heirs} is to be told instead; this node, if it is one, knows. */
    void handOn(
            int partition, Key key, NodeId owner, VersionSet hint, List<NodeId> heirs, Outlook outlook, Outbox out) {
        boolean pointer = hint.isEmpty();
        boolean owned = outlook.owns(self, partition);
        VersionSet state = pointer ? local.owned(partition, key) : hint;
        List<Mutation> mutations = new ArrayList<>(heirs.size() + 1);
        for (NodeId heir : state.isEmpty() ? List.<NodeId>of() : heirs) {
            if (!heir.equals(self)) {
                boolean told = owned && (pointer || heirs.contains(self));
                VersionSet next = hint(partition, key, heir, state, told, outlook.policy(key));
                mutations.add(new Mutation.SetHint(partition, key, heir, next));
                out.observed(Probe.HINT_STORED);
            } else if (!pointer) {
                VersionSet merged = absorption.absorb(local.owned(partition, key), key, state, outlook, out);
                mutations.add(new Mutation.SetState(partition, key, merged));
            }
        }
        mutations.add(new Mutation.DropHint(partition, key, owner));
        local.write(mutations, out);
    }
}
