package dev.gramme.antientropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.wire.Message;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One exchange, from its root to the last key. */
class ExchangeTest {
    private final TwoOwners owners = new TwoOwners();
    private final TwoOwners.Owner a = owners.a;
    private final TwoOwners.Owner b = owners.b;

    private void both(int keys) {
        for (int i = 0; i < keys; i++) {
            a.put("k" + i, 1, i + 1, "v");
            b.put("k" + i, 1, i + 1, "v");
        }
    }

    private static Outcome all(List<Exchanged> exchanged) {
        List<Outcome> outcomes =
                exchanged.stream().map(Exchanged::outcome).distinct().toList();
        assertEquals(1, outcomes.size(), () -> outcomes.toString());
        return outcomes.getFirst();
    }

    @Test
    void replicas_that_are_equal_find_that_by_one_question_and_one_answer_of_a_few_bytes() {
        both(200);
        List<Exchanged> exchanged = owners.compare();
        assertEquals(Outcome.EQUAL, all(exchanged));
        assertEquals(TwoOwners.PARTITIONS, exchanged.size());
        assertEquals(2 * TwoOwners.PARTITIONS, owners.sent.size());
        assertTrue(owners.bytes < 64 * TwoOwners.PARTITIONS, () -> owners.bytes + " bytes");
    }

    @Test
    void each_learns_what_only_the_other_knows() {
        both(50);
        a.put("only at a", 2, 1, "x");
        b.put("only at b", 3, 1, "y");
        a.put("both", 4, 1, "left");
        b.put("both", 5, 1, "right");
        List<Exchanged> exchanged = owners.compare();
        assertTrue(owners.areEqual());
        assertEquals(2, a.held("both").siblings().size());
        assertEquals(2, exchanged.stream().mapToLong(Exchanged::repairedHere).sum());
        assertEquals(2, exchanged.stream().mapToLong(Exchanged::repairedThere).sum());
        assertEquals(Outcome.EQUAL, all(owners.compare()));
    }

    @Test
    void only_leaves_that_differ_are_looked_into() {
        both(500);
        b.put("one more", 2, 1, "x");
        owners.compare();
        assertTrue(owners.areEqual());
        assertEquals(1, owners.sent(Message.LeafKeys.class).size());
        assertEquals(1, owners.sent(Message.LeafKeys.class).getFirst().leaves().size());
        assertEquals(3, owners.sent(Message.TreeNodes.class).size() - TwoOwners.PARTITIONS + 1);
        assertEquals(
                1, owners.sent(Message.RepairStates.class).getFirst().keys().size());
        assertEquals(0, owners.sent(Message.ReplicaPut.class).size());
    }

    @Test
    void everything_goes_to_who_has_nothing_whichever_of_them_asks() {
        for (int i = 0; i < 3_000; i++) {
            a.put("k" + i, 1, i + 1, "v");
        }
        owners.compare();
        assertTrue(owners.areEqual());
        a.trees.clear();
        owners.compare();
        assertTrue(owners.areEqual());
        assertTrue(owners.areEqual());
        assertEquals(3_000, keysOf(a));
    }

    @Test
    void a_leaf_of_more_keys_than_a_message_takes_is_told_page_by_page() {
        Random random = new Random(7);
        Key first = Key.of("b", "0");
        int leaf = leafOf(first);
        int found = 0;
        for (int i = 0; found < 40; i++) {
            Key key = Key.of("b", "k" + i);
            if (a.ring.partitionOf(key) == a.ring.partitionOf(first) && leafOf(key) == leaf) {
                found++;
                TwoOwners.Owner holder = random.nextBoolean() ? a : b;
                holder.put(key, 1, i + 1, "v");
                if (random.nextInt(3) == 0) {
                    (holder == a ? b : a).put(key, 2, i + 1, "w");
                }
            }
        }
        LeafPages pages = new LeafPages(a, b, a.ring.partitionOf(first), leaf);
        pages.assertSameWhateverThePages(random);
    }

    private static int keysOf(TwoOwners.Owner owner) {
        int keys = 0;
        for (int p = 0; p < TwoOwners.PARTITIONS; p++) {
            keys += owner.trees.states(p).size();
        }
        return keys;
    }

    private int leafOf(Key key) {
        return MerkleTree.leafOf(key.token(), TwoOwners.PARTITIONS);
    }

    @Test
    void lost_doubled_and_late_messages_leave_both_equal() {
        for (int seed = 1; seed <= 20; seed++) {
            TwoOwners pair = new TwoOwners();
            Random random = new Random(seed);
            for (int i = 0; i < 300; i++) {
                (random.nextBoolean() ? pair.a : pair.b)
                        .put("k" + random.nextInt(200), random.nextInt(3) + 1, i + 1, "v" + i);
            }
            pair.lost = m -> random.nextInt(10) == 0;
            pair.doubled = m -> random.nextInt(5) == 0;
            pair.a.askNow(null);
            pair.pass(60_000);
            pair.again(List.copyOf(pair.sent).stream()
                    .filter(m -> random.nextInt(4) == 0)
                    .toList());
            pair.lost = m -> false;
            pair.compare();
            assertTrue(pair.areEqual(), "seed " + seed);
        }
    }

    @Test
    void keys_that_change_meanwhile_are_no_trouble() {
        both(100);
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            b.put("new" + i, 2, i + 1, "x");
        }
        owners.meanwhile = m -> {
            int n = random.nextInt(150);
            (random.nextBoolean() ? a : b).put((n < 100 ? "k" : "new") + n, 5, 1_000 + owners.sent.size(), "later");
            return false;
        };
        owners.compare();
        owners.meanwhile = m -> false;
        owners.compare();
        assertTrue(owners.areEqual());
    }

    @Test
    void a_peer_that_goes_by_another_ring_refuses() {
        b.put("k", 1, 1, "v");
        b.ring = dev.gramme.ring.Ring.nobodys(TwoOwners.PARTITIONS, 2);
        assertEquals(Outcome.REFUSED, all(owners.compare()));
        b.ring = a.ring;
        owners.compare();
        assertTrue(owners.areEqual());
    }

    @Test
    void a_peer_that_never_answers_is_given_up() {
        both(10);
        owners.lost = m -> true;
        a.askNow(null);
        owners.pass(Exchange.ATTEMPTS * Exchange.TIMEOUT_MILLIS + 1_000);
        assertEquals(Outcome.SILENT, all(a.exchanged));
        assertEquals(0, a.left);
    }

    @Test
    void a_message_that_can_not_be_delivered_ends_the_exchange_at_once() {
        owners.lost = m -> true;
        a.askNow(null);
        owners.pass(10);
        a.undeliverable(owners.sent(Message.TreeNodes.class).getFirst());
        assertEquals(Outcome.SILENT, a.exchanged.getFirst().outcome());
    }

    @Test
    void a_full_disk_here_or_there_is_said() {
        b.put("k", 1, 1, "v");
        a.writable = false;
        assertTrue(owners.compare().stream().anyMatch(e -> e.outcome() == Outcome.FULL));
        a.writable = true;
        a.put("l", 1, 2, "w");
        b.writable = false;
        assertTrue(owners.compare().stream().anyMatch(e -> e.outcome() == Outcome.FULL));
    }

    @Test
    void a_store_that_can_not_be_read_here_or_there_is_said() {
        both(10);
        b.unreadable = true;
        assertEquals(Outcome.BROKEN, all(owners.compare()));
        b.unreadable = false;
        a.unreadable = true;
        assertEquals(Outcome.BROKEN, all(owners.compare()));
    }

    @Test
    void a_tree_that_is_not_built_is_built_first_slice_by_slice_on_either_side() {
        a.put("k", 1, 1, "v");
        a.unbuilt = 20;
        assertEquals(
                Outcome.REPAIRED,
                owners.compare().stream()
                        .map(Exchanged::outcome)
                        .filter(o -> o != Outcome.EQUAL)
                        .findFirst()
                        .orElseThrow());
        b.unbuilt = 20;
        assertTrue(owners.compare().stream().anyMatch(e -> e.outcome() == Outcome.BUSY));
        assertEquals(0, b.unbuilt);
        assertEquals(Outcome.EQUAL, a.exchanged.getLast().outcome());
        assertEquals(0, a.left);
        assertEquals(Outcome.EQUAL, all(owners.compare()));
    }

    @Test
    void of_one_bucket_only_its_keys_are_repaired() {
        b.put(Key.of("meant", "k"), 1, 1, "v");
        b.put(Key.of("other", "k"), 1, 2, "v");
        a.put(Key.of("meant", "l"), 1, 3, "v");
        a.put(Key.of("other", "l"), 1, 4, "v");
        a.askNow("meant");
        owners.pass(1_000);
        assertEquals(1, a.exchanged.stream().mapToLong(Exchanged::repairedHere).sum());
        assertEquals(1, a.exchanged.stream().mapToLong(Exchanged::repairedThere).sum());
        assertFalse(owners.areEqual());
        owners.compare();
        assertTrue(owners.areEqual());
    }

    @Test
    void no_more_bytes_pass_than_may_in_a_second() {
        TwoOwners slow = new TwoOwners(new ExchangeBounds(1, 100_000, 3_600_000));
        for (int i = 0; i < 2_000; i++) {
            slow.b.put("k" + i, 1, i + 1, "a value of some length, so that there is something to wait for ".repeat(4));
        }
        slow.a.askNow(null);
        slow.pass(2_000);
        assertTrue(slow.bytes < 700_000, () -> slow.bytes + " bytes in two seconds");
        assertFalse(slow.areEqual());
        slow.pass(20_000);
        assertTrue(slow.areEqual());
    }

    @Test
    void an_owner_whose_clients_need_the_time_answers_when_they_do_not() {
        both(20);
        b.put("one more", 2, 1, "x");
        b.answers.open = false;
        assertEquals(List.of(), owners.compare());
        owners.pass(3_000);
        assertEquals(List.of(), a.exchanged);
        b.answers.open = true;
        owners.pass(1_000);
        assertTrue(owners.areEqual());
        assertTrue(b.answers.took > 0);
    }

    @Test
    void who_begins_an_exchange_waits_for_its_own_clients_too() {
        b.put("one more", 2, 1, "x");
        a.begins.open = false;
        owners.compare();
        assertEquals(0, owners.sent.size());
        a.begins.open = true;
        owners.pass(1_000);
        assertTrue(owners.areEqual());
        assertTrue(a.begins.took > 0);
    }
}
