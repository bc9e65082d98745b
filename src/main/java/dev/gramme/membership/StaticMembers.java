package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The members as every node's configuration lists them, until gossip finds them. Two nodes with different lists compute different rings:
 * heartbeats carry the ring's hash to show it.
 *
 * @param byId unmodifiable
 */
public record StaticMembers(SortedMap<NodeId, Member> byId) {
    public StaticMembers {
        byId = Collections.unmodifiableSortedMap(new TreeMap<>(byId));
    }

    /** @throws IllegalArgumentException if there are none, or one is listed twice */
    public static StaticMembers of(Collection<Member> members) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("the list of members is empty");
        }
        SortedMap<NodeId, Member> byId = new TreeMap<>();
        for (Member member : members) {
            if (byId.put(member.id(), member) != null) {
                throw new IllegalArgumentException("the list of members names " + member.id() + " twice");
            }
        }
        return new StaticMembers(byId);
    }

    /** Everyone but {@code self}, in order of id. */
    public List<NodeId> peersOf(NodeId self) {
        return byId.keySet().stream().filter(id -> !id.equals(self)).toList();
    }

    /** For the claim. */
    public List<RingMember> claims() {
        List<RingMember> claims = new ArrayList<>();
        byId.values().forEach(member -> claims.add(member.claim()));
        return claims;
    }

    /** More than half of the members. */
    public int majority() {
        return byId.size() / 2 + 1;
    }
}
