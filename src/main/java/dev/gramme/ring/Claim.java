package dev.gramme.ring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Decides who owns what (DESIGN: deterministic, balanced, weighted, zone-aware, moves little). */
public final class Claim {
    private Claim() {}

    /** A first ring. */
    public static Ring claim(int partitions, int replicas, Collection<RingMember> members) {
        SortedMap<NodeId, RingMember> byId = new TreeMap<>();
        members.forEach(m -> byId.put(m.id(), m));
        List<NodeId> ids = new ArrayList<>(byId.keySet());
        List<List<NodeId>> owners = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            List<NodeId> list = new ArrayList<>();
            for (int i = 0; i < Math.min(replicas, ids.size()); i++) {
                list.add(ids.get((p + i) % ids.size()));
            }
            owners.add(list);
        }
        return new Ring(1, replicas, byId, owners);
    }
}
