package dev.gramme.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.Clusters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PreferenceListTest {
    @Test
    void owners_that_are_up_come_first_and_each_missing_one_is_stood_for() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Ring ring = ring(seed, random);
            Set<NodeId> up = new HashSet<>();
            ring.members().keySet().stream().filter(n -> random.nextInt(3) > 0).forEach(up::add);
            for (int p = 0; p < ring.partitions(); p++) {
                PreferenceList list = PreferenceList.of(ring, p, up::contains);
                List<NodeId> owners = ring.owners(p);
                List<NodeId> asked = new ArrayList<>();
                list.entries().forEach(e -> asked.add(e.node()));
                List<NodeId> upOwners = owners.stream().filter(up::contains).toList();
                assertEquals(upOwners, asked.subList(0, upOwners.size()));
                assertEquals(upOwners.size(), list.primaries());
                assertEquals(owners.stream().filter(o -> !up.contains(o)).toList(), list.missing(), "seed " + seed);
                asked.addAll(list.spare());
                assertEquals(
                        ring.walk(p).stream().filter(up::contains).sorted().toList(),
                        asked.stream().sorted().toList());
                assertEquals(Math.min(owners.size(), up.size()), list.entries().size());
                List<NodeId> stoodFor = list.entries().stream()
                        .filter(e -> !e.isPrimary())
                        .map(PreferenceList.Entry::standsFor)
                        .toList();
                assertEquals(list.missing().subList(0, stoodFor.size()), stoodFor);
            }
        }
    }

    @Test
    void a_walk_names_every_member_once_its_owners_first() {
        for (long seed = 0; seed < 200; seed++) {
            Ring ring = ring(seed, new Random(seed));
            for (int p = 0; p < ring.partitions(); p++) {
                List<NodeId> walk = ring.walk(p);
                assertEquals(ring.owners(p), walk.subList(0, ring.owners(p).size()));
                assertEquals(ring.members().keySet(), new HashSet<>(walk));
                assertEquals(ring.members().size(), walk.size());
            }
        }
    }

    @Test
    void a_view_makes_each_list_once_and_reads_from_a_full_disk_but_does_not_write_to_it() {
        Ring ring = Claim.first(16, 3, new Clusters(1, 4, 1, false).members());
        SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
        ring.members().keySet().forEach(n -> liveness.put(n, Liveness.UP));
        NodeId full = ring.owners(0).get(0);
        liveness.put(full, new Liveness(Liveness.State.UP, false));
        View view = new View(ring, liveness);
        assertSame(view.forReads(0), view.forReads(0));
        assertSame(view.forWrites(0), view.forWrites(0));
        assertTrue(view.forReads(0).missing().isEmpty());
        assertEquals(List.of(full), view.forWrites(0).missing());
    }

    private static Ring ring(long seed, Random random) {
        Clusters clusters = new Clusters(seed, 1 + random.nextInt(10), 1 + random.nextInt(3), random.nextBoolean());
        return Claim.first(16, 1 + random.nextInt(4), clusters.members());
    }
}
