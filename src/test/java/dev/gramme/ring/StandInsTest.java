package dev.gramme.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.Clusters;
import dev.gramme.ring.PreferenceList.Entry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whom a write asks while the ring changes and owners are down. */
class StandInsTest {
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final NodeId C = new NodeId("c");
    private static final NodeId D = new NodeId("d");
    private static final NodeId S = new NodeId("s");

    /** D takes the place of C. */
    private final Topology changing = topology(ring(1, List.of(A, B, C)), ring(2, List.of(A, B, D)));

    @Test
    void as_long_as_there_are_healthy_nodes_each_of_them_stands_for_one_owner_and_owners_for_none() {
        PreferenceList list = list(changing, A, C, D, S);
        assertEquals(List.of(B), list.missing());
        assertEquals(
                List.of(Entry.primary(A), Entry.primary(C), Entry.primary(D), Entry.fallback(S, B)), list.entries());
    }

    @Test
    void an_owner_by_one_ring_alone_stands_in_by_the_other_where_nobody_else_is_left() {
        PreferenceList list = list(changing, A, D);
        assertEquals(List.of(Entry.primary(A), new Entry(D, true, B, List.of(D, B))), list.entries());
        assertEquals(2, filled(list, changing, 0));
        assertEquals(2, filled(list, changing, 1));
    }

    @Test
    void two_owners_by_one_ring_each_stand_for_two_different_ones_that_are_down() {
        PreferenceList list = list(changing, C, D);
        assertEquals(
                List.of(new Entry(C, true, A, List.of(C, A)), new Entry(D, true, B, List.of(D, B))), list.entries());
    }

    @Test
    void who_keeps_a_hint_for_a_leaver_stands_in_for_its_successor_too() {
        PreferenceList list = list(changing, A, B, S);
        assertEquals(
                List.of(Entry.primary(A), Entry.primary(B), new Entry(S, false, C, List.of(C, D))), list.entries());
        assertEquals(3, filled(list, changing, 0));
        assertEquals(3, filled(list, changing, 1));
    }

    @Test
    void as_an_owner_alone_it_keeps_no_hint() {
        Entry crossing = new Entry(D, true, B, List.of(D, B));
        assertEquals(Entry.primary(D), crossing.alone());
        assertEquals(List.of(D, B), crossing.tells());
        Entry fallback = Entry.fallback(S, B);
        assertEquals(fallback, fallback.alone());
        assertEquals(List.of(B), fallback.tells());
    }

    @Test
    void each_node_that_is_up_fills_a_place_of_each_set_as_long_as_there_are_open_ones_and_never_two() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Topology topology = changing(seed, random);
            Set<NodeId> up = new HashSet<>();
            topology.members().stream().filter(n -> random.nextInt(5) > 1).forEach(up::add);
            SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
            up.forEach(node -> liveness.put(node, Liveness.UP));
            View view = new View(topology, liveness);
            for (int p = 0; p < topology.settled().partitions(); p++) {
                PreferenceList list = view.forWrites(p);
                List<List<NodeId>> sets = topology.quorums(p);
                for (int set = 0; set < sets.size(); set++) {
                    assertEquals(
                            Math.min(sets.get(set).size(), up.size()),
                            filled(list, topology, p, set),
                            "seed " + seed + " partition " + p + " set " + set + ": " + list);
                }
                assertHintsAreKept(list, topology, p, up);
            }
        }
    }

    /** Whoever is counted in an owner's place keeps a hint for it, or for the one whose place it takes. */
    private static void assertHintsAreKept(PreferenceList list, Topology topology, int partition, Set<NodeId> up) {
        Set<NodeId> asked = new HashSet<>();
        for (Entry entry : list.entries()) {
            assertTrue(asked.add(entry.node()), "asked twice");
            assertTrue(up.contains(entry.node()));
            assertEquals(topology.owns(entry.node(), partition), entry.isPrimary());
            NodeId hinted = entry.standsFor();
            for (NodeId place : entry.places()) {
                boolean isTold = entry.tells().contains(place)
                        || (hinted != null && place.equals(topology.successor(partition, hinted)));
                assertTrue(isTold, place + " would not hear of it by " + entry);
            }
            if (hinted != null) {
                assertFalse(up.contains(hinted));
            } else {
                assertEquals(List.of(entry.node()), entry.places());
            }
        }
        assertNull(list.entryOf(new NodeId("nobody")));
    }

    private static int filled(PreferenceList list, Topology topology, int set) {
        return filled(list, topology, 0, set);
    }

    /** Different places of the set that are filled; that no two entries fill the same is asserted. */
    private static int filled(PreferenceList list, Topology topology, int partition, int set) {
        List<NodeId> places = new ArrayList<>();
        for (Entry entry : list.entries()) {
            entry.places().stream()
                    .filter(topology.quorums(partition).get(set)::contains)
                    .findFirst()
                    .ifPresent(places::add);
        }
        assertEquals(Set.copyOf(places).size(), places.size(), "one place, two nodes: " + list);
        return places.size();
    }

    private static PreferenceList list(Topology topology, NodeId... up) {
        SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
        List.of(up).forEach(node -> liveness.put(node, Liveness.UP));
        return new View(topology, liveness).forWrites(0);
    }

    private static Topology changing(long seed, Random random) {
        Clusters clusters = new Clusters(seed, 3 + random.nextInt(7), 1 + random.nextInt(3), random.nextBoolean());
        List<RingMember> members = new ArrayList<>(clusters.members());
        List<RingMember> before = new ArrayList<>(members);
        List<RingMember> after = new ArrayList<>(members);
        for (int i = random.nextInt(3); i > 0; i--) {
            before.remove(random.nextInt(before.size()));
        }
        for (int i = random.nextInt(2); i > 0; i--) {
            after.remove(random.nextInt(after.size()));
        }
        Ring settled = Claim.first(16, 1 + random.nextInt(4), before);
        return topology(settled, Claim.change(settled, after));
    }

    private static Topology topology(Ring settled, Ring target) {
        Proposal proposal = new Proposal(1, target.members().firstKey(), settled.version(), target, new TreeSet<>());
        return new Topology(1, settled, proposal, Phase.PREPARED, true, new BitSet());
    }

    private static Ring ring(long version, List<NodeId> owners) {
        SortedMap<NodeId, RingMember> members = new TreeMap<>();
        owners.forEach(id -> members.put(id, new RingMember(id, "z", 100)));
        members.put(S, new RingMember(S, "z", 100));
        return new Ring(version, 3, members, List.of(owners));
    }
}
