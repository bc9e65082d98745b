package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Who is in the ring after some changes, and the ring they have then. */
final class MembersAfter {
    private final Ring settled;
    private final TreeMap<NodeId, RingMember> byId;
    private final TreeSet<NodeId> excluded = new TreeSet<>();
    private final TreeMap<NodeId, RingMember> successors = new TreeMap<>();
    private boolean anotherClaim;

    MembersAfter(Ring settled) {
        this.settled = settled;
        this.byId = new TreeMap<>(settled.members());
    }

    SortedMap<NodeId, RingMember> byId() {
        return byId;
    }

    /** Who is gone for good. */
    SortedSet<NodeId> excluded() {
        return excluded;
    }

    void apply(StagedChange change, SortedMap<NodeId, MemberRecord> records) {
        NodeId node = change.node();
        NodeId successor = change.successor();
        RingMember member = byId.get(node);
        switch (change.kind()) {
            case NONE -> {}
            case JOIN -> join(node, records);
            case LEAVE -> anotherClaim |= byId.remove(node) != null;
            case REMOVE -> {
                if (byId.remove(node) != null) {
                    anotherClaim = true;
                    excluded.add(node);
                }
            }
            case WEIGHT -> {
                if (member != null && member.weight() != change.weight()) {
                    byId.put(node, new RingMember(node, member.zone(), change.weight()));
                    anotherClaim = true;
                }
            }
            case REPLACE -> {
                MemberRecord record = successor == null ? null : records.get(successor);
                if (member != null && record != null) {
                    replace(member, record);
                }
            }
        }
    }

    private void join(NodeId node, SortedMap<NodeId, MemberRecord> records) {
        MemberRecord record = records.get(node);
        if (record != null) {
            byId.put(node, new RingMember(node, record.zone(), record.weight()));
            anotherClaim = true;
        }
    }

    /** It takes the weight too: with exactly the places of another it can't have a share of its own. */
    private void replace(RingMember old, MemberRecord record) {
        RingMember successor = new RingMember(record.id(), record.zone(), old.weight());
        byId.remove(old.id());
        byId.put(successor.id(), successor);
        successors.put(old.id(), successor);
        excluded.add(old.id());
    }

    /** Successors have exactly the places of those they replace, unless something else changes too: then those are where the claim begins. */
    Ring ring(KnownClaim claims) {
        ClaimQuestion question = question();
        return question == null ? renamed(settled.version() + 1) : claims.of(question);
    }

    /** What must be claimed anew; null if nothing must. */
    @Nullable
    ClaimQuestion question() {
        return anotherClaim ? new ClaimQuestion(renamed(settled.version()), List.copyOf(byId.values())) : null;
    }

    private Ring renamed(long version) {
        TreeMap<NodeId, RingMember> members = new TreeMap<>(settled.members());
        successors.forEach((old, successor) -> {
            members.remove(old);
            members.put(successor.id(), successor);
        });
        UnaryOperator<NodeId> rename = id -> {
            RingMember successor = successors.get(id);
            return successor == null ? id : successor.id();
        };
        List<List<NodeId>> owners = new ArrayList<>(settled.partitions());
        for (List<NodeId> before : settled.owners()) {
            owners.add(before.stream().map(rename).toList());
        }
        return new Ring(version, settled.replicas(), members, owners);
    }
}
