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
import dev.gramme.wire.Stamps;
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
 *
 * <p>What has replaced it may be forgotten, if it was a delete. A backup says how old it is, by {@linkplain Stamps stamp}, and what is older than this node takes as an owner, or keeps for others, is
 * refused as from anybody else. What was taken is in hints, past which no member promises a higher stamp: so it is at its owners before anything that had replaced it is forgotten.
 */
public final class Restoration {
    /** A hint that is no older than {@code stamp} is about to be kept. */
    interface HintTaking {
        void takesHint(int partition, Key key, long stamp, Stamps stamps);
    }

    private final NodeId self;
    private final LocalState local;
    private final Absorption absorption;
    private final HintKeeping hints;
    private final HintTaking ages;

    Restoration(NodeId self, LocalState local, Absorption absorption, HintKeeping hints, HintTaking ages) {
        this.self = self;
        this.local = local;
        this.absorption = absorption;
        this.hints = hints;
        this.ages = ages;
    }

    /** Whether it is not known here yet how old what is taken may be. */
    public boolean takesNothing(List<Message.RangeEntry> records, Outlook outlook) {
        return outdated(records, Stamps.NOTHING - 1, outlook) >= 0;
    }

    /** The first partition of which this node takes nothing that is as old as {@code stamp}; -1 if there is none. */
    public int outdated(List<Message.RangeEntry> records, long stamp, Outlook outlook) {
        Stamps stamps = outlook.stamps();
        for (Message.RangeEntry each : records) {
            int partition = outlook.partitionOf(each.key());
            boolean own = outlook.owns(self, partition);
            if (stamp < stamps.keepsFrom(partition) || (own && stamp < stamps.takesFrom(partition))) {
                return partition;
            }
        }
        return -1;
    }

    /**
     * @param stamp the states are no older
     * @return the tokens of the writes to wait for
     * @throws StoreBrokenException if a partition's store is needed and can't be read; then nothing was done
     */
    public Set<Long> restore(List<Message.RangeEntry> records, long stamp, Outlook outlook, Now now, Outbox out) {
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
                    ages.takesHint(partition, each.key(), stamp, outlook.stamps());
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
