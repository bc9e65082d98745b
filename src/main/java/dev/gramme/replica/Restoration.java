package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes states that come from a backup, not from an owner. In one write this node merges what it owns itself and keeps a hint for every other owner: so what is durable here
 * reaches all of them by hinted handoff, whoever is away now and however the ring changes meanwhile.
 *
 * <p>A backup's states are merged like any others. So to restore twice is to restore once, and what was written since the backup stays: a state that covers a version of the
 * backup has replaced it.
 */
public final class Restoration {
    private final NodeId self;
    private final LocalState local;
    private final Absorption absorption;
    private final HintKeeping hints;

    Restoration(NodeId self, LocalState local, Absorption absorption, HintKeeping hints) {
        this.self = self;
        this.local = local;
        this.absorption = absorption;
        this.hints = hints;
    }

    /**
     * @return the tokens of the writes to wait for
     * @throws StoreBrokenException if a partition's store is needed and can't be read; then nothing was done
     */
    public Set<Long> restore(List<Message.RangeEntry> records, Outlook outlook, Now now, Outbox out) {
        List<Mutation> mutations = new ArrayList<>();
        Set<Long> underWay = new LinkedHashSet<>();
        for (Message.RangeEntry each : records) {
            absorption.observe(each.state(), now);
            int partition = outlook.partitionOf(each.key());
            List<NodeId> owners = outlook.view().topology().owners(partition);
            boolean own = owners.contains(self);
            if (own) {
                merge(partition, each, outlook, out, mutations, underWay);
            }
            for (NodeId owner : owners) {
                if (!owner.equals(self)) {
                    hint(partition, each, owner, own, outlook, out, mutations, underWay);
                }
            }
        }
        if (!mutations.isEmpty()) {
            underWay.add(local.write(mutations, out));
        }
        return underWay;
    }

    private void merge(
            int partition,
            Message.RangeEntry each,
            Outlook outlook,
            Outbox out,
            List<Mutation> mutations,
            Set<Long> underWay) {
        Key key = each.key();
        VersionSet owned = local.owned(partition, key);
        VersionSet merged = absorption.absorb(owned, key, each.state(), outlook, out);
        if (owned.equals(merged) && local.isKept(key, null)) {
            waitFor(local.tokenUnderWay(key, null), underWay);
        } else {
            mutations.add(new Mutation.SetState(partition, key, merged));
        }
    }

    /** @param own this node is an owner too, so that the hint need only point to what it holds itself */
    private void hint(
            int partition,
            Message.RangeEntry each,
            NodeId owner,
            boolean own,
            Outlook outlook,
            Outbox out,
            List<Mutation> mutations,
            Set<Long> underWay) {
        Key key = each.key();
        VersionSet known = local.hint(partition, key, owner);
        VersionSet hint = hints.hint(partition, key, owner, each.state(), own, outlook.policy(key));
        if (known != null && known.equals(hint) && local.isKept(key, owner)) {
            waitFor(local.tokenUnderWay(key, owner), underWay);
        } else {
            out.observed(Probe.HINT_STORED);
            mutations.add(new Mutation.SetHint(partition, key, owner, hint));
        }
    }

    private static void waitFor(@Nullable Long token, Set<Long> underWay) {
        if (token != null) {
            underWay.add(token);
        }
    }
}
