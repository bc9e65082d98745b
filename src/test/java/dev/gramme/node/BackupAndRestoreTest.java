package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.antientropy.CollectionBounds;
import dev.gramme.generators.CausalHistory;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Message;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backup is given, and that what is restored is at all owners in the end, exactly as it was. */
class BackupAndRestoreTest {
    private static final int LONG_ENOUGH_MILLIS = 60_000;

    /** Deletes of a backup are as old as they were: here they are not forgotten for it. */
    private final MiniCluster five = new MiniCluster(
            5, 5, 3, NodeSettings.defaults(new NodeId("n"), 1).withCollections(CollectionBounds.DEFAULT.withAge(0)));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void what_is_acknowledged_as_restored_is_at_every_owner_exactly_whatever_the_network_does(long seed) {
        Random random = new Random(seed);
        SortedMap<Key, VersionSet> states = states(seed, 60);
        NodeId absent = five.ids.get(random.nextInt(5));
        five.chaos = random;
        five.down(absent);
        List<Long> requests = new ArrayList<>();
        for (List<Message.RangeEntry> page : pages(states)) {
            NodeId asked = five.ids.get(random.nextInt(5));
            requests.add(five.restore(asked, page));
            if (random.nextBoolean()) {
                requests.add(five.restore(five.ids.get(random.nextInt(5)), page));
            }
        }
        five.pass(1_000);
        requests.forEach(request -> assertEquals(RestoreOutcome.KEPT, five.restores.get(request)));
        five.heal();
        five.pass(LONG_ENOUGH_MILLIS);
        assertEquals(0, five.hints());
        states.forEach((key, state) ->
                five.owners(key).forEach(owner -> assertEquals(state, five.held(owner, key), owner + " " + key)));
    }

    @Test
    void what_was_written_since_the_backup_stays() {
        Key key = Key.of("b", "k");
        NodeId owner = five.owners(key).getFirst();
        var first = five.put(owner, key, CausalContext.EMPTY, "old");
        VersionSet backup = five.held(owner, key);
        five.put(owner, key, first.context(), "new");
        five.restore(five.outsider(key), List.of(record(key, backup)));
        five.pass(LONG_ENOUGH_MILLIS);
        five.owners(key).forEach(each -> assertEquals(List.of("new"), MiniCluster.texts(five.held(each, key))));
    }

    @Test
    void a_disk_that_takes_nothing_does_not_acknowledge() {
        Key key = Key.of("b", "k");
        List<Message.RangeEntry> page = pages(states(9, 1)).getFirst();
        NodeId asked = five.owners(key).getFirst();
        five.stuckDisk = node -> node.equals(asked);
        long stuck = five.restore(asked, page);
        assertNull(five.restores.get(stuck));
        five.stuckDisk = node -> false;
        five.refusingDisk = node -> node.equals(asked);
        long refused = five.restore(asked, pages(states(11, 1)).getFirst());
        assertEquals(Failure.STORAGE_FULL, five.restores.get(refused).failure());
        five.disks.get(asked).writable = false;
        long full = five.restore(asked, page);
        assertEquals(Failure.STORAGE_FULL, five.restores.get(full).failure());
        five.disks.get(asked).broken = true;
        five.disks.get(asked).writable = true;
        long broken = five.restore(asked, pages(states(10, 20)).getFirst());
        assertEquals(Failure.STORAGE_BROKEN, five.restores.get(broken).failure());
    }

    @Test
    void a_backup_is_given_what_an_owner_holds_and_what_is_kept_for_owners_that_are_away() {
        Key key = Key.of("b", "k");
        int partition = five.ring.partitionOf(key);
        List<NodeId> owners = five.owners(key);
        NodeId fallback = five.outsider(key);
        owners.forEach(five::down);
        five.put(fallback, key, CausalContext.EMPTY, "only hinted");
        BackupAnswer hints = five.backUp(fallback, partition, BackupPart.HINTS, null);
        assertTrue(hints.page().complete());
        assertEquals(key, hints.page().records().getFirst().key());
        assertEquals(
                ReplicaStatus.NOT_OWNER,
                five.backUp(fallback, partition, BackupPart.STATES, null).status());
        five.heal();
        five.pass(LONG_ENOUGH_MILLIS);
        BackupAnswer owned = five.backUp(owners.getFirst(), partition, BackupPart.STATES, null);
        assertEquals(hints.page().records(), owned.page().records());
        BackupAnswer digests = five.backUp(owners.getFirst(), partition, BackupPart.DIGESTS, null);
        assertEquals(
                owned.page().records().getFirst().digest(),
                digests.page().records().getFirst().digest());
        assertTrue(digests.page().records().getFirst().state().isEmpty());
        five.disks.get(owners.getFirst()).broken = true;
        assertEquals(
                ReplicaStatus.STORAGE_BROKEN,
                five.backUp(owners.getFirst(), partition, BackupPart.STATES, null)
                        .status());
    }

    @Test
    void a_large_partition_is_given_page_by_page_and_no_key_is_left_out() {
        NodeId owner = five.ring.owners(0).getFirst();
        List<Key> written = new ArrayList<>();
        String large = "x".repeat(40 << 10);
        for (int i = 0; written.size() < 20; i++) {
            Key key = Key.of("b", "large" + i);
            if (five.ring.partitionOf(key) == 0) {
                five.send(owner, five.command(key, CausalContext.EMPTY, large));
                written.add(key);
            }
        }
        five.pass(100);
        List<Key> given = new ArrayList<>();
        BackupAnswer page = five.backUp(owner, 0, BackupPart.STATES, null);
        assertFalse(page.page().complete());
        page.page().records().forEach(each -> given.add(each.key()));
        while (!page.page().complete()) {
            page = five.backUp(owner, 0, BackupPart.STATES, given.getLast());
            page.page().records().forEach(each -> given.add(each.key()));
        }
        written.sort(null);
        assertEquals(written, given);
    }

    /** With siblings, and with nothing but tombstones. */
    private static SortedMap<Key, VersionSet> states(long seed, int keys) {
        SortedMap<Key, VersionSet> states = new TreeMap<>();
        for (int i = 0; i < keys; i++) {
            CausalHistory history = new CausalHistory(seed * 1_000 + i, 3, CausalHistory.AfterForgetting.RENEW_ACTOR);
            for (int step = 0; step < 30; step++) {
                history.step();
            }
            history.heal();
            if (!history.state(0).isEmpty()) {
                states.put(Key.of("b", "restored" + seed + "-" + i), history.state(0));
            }
        }
        return states;
    }

    private static List<List<Message.RangeEntry>> pages(SortedMap<Key, VersionSet> states) {
        List<List<Message.RangeEntry>> pages = new ArrayList<>();
        states.forEach((key, state) -> {
            if (pages.isEmpty() || pages.getLast().size() == 7) {
                pages.add(new ArrayList<>());
            }
            pages.getLast().add(record(key, state));
        });
        return pages;
    }

    private static Message.RangeEntry record(Key key, VersionSet state) {
        return new Message.RangeEntry(key, StateDigest.of(state), state);
    }
}
