package dev.gramme.node;

import static dev.gramme.node.MiniCluster.options;
import static dev.gramme.node.MiniCluster.texts;
import static dev.gramme.node.MiniCluster.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;
import dev.gramme.version.CausalContext;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Content;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each decision of puts, gets and hints, one at a time. */
class DataPlaneTest {
    private static final Key KEY = Key.of("b", "k");
    private static final CausalContext NOTHING = CausalContext.EMPTY;

    private final MiniCluster five = new MiniCluster(5, 3);

    @Test
    void a_put_anywhere_is_read_anywhere() {
        five.put(five.outsider(KEY), KEY, NOTHING, "v");
        for (NodeId node : five.ids) {
            assertEquals(List.of("v"), texts(five.get(node, KEY).versions()));
        }
        for (NodeId owner : five.owners(KEY)) {
            assertEquals(List.of("v"), texts(five.held(owner, KEY)));
        }
        assertEquals(0, five.hints());
    }

    @Test
    void a_delete_leaves_a_tombstone_at_each_owner_and_no_value() {
        PutOutcome.Written written = five.put(five.ids.get(0), KEY, NOTHING, "v");
        PutCommand put = five.command(KEY, written.context(), "");
        Content delete = Content.delete().withIdempotencyKey(put.content().idempotencyKey());
        five.put(five.ids.get(1), new PutCommand(KEY, put.seen(), 0, delete, put.options()));
        for (NodeId owner : five.owners(KEY)) {
            assertEquals(List.of(), texts(five.held(owner, KEY)));
            assertEquals(1, five.held(owner, KEY).siblings().size());
        }
    }

    @Test
    void two_writers_with_one_context_make_two_siblings_everywhere_and_both_contexts_merged_leave_one() {
        CausalContext seen = five.put(five.ids.get(0), KEY, NOTHING, "first").context();
        five.put(five.ids.get(1), KEY, seen, "left");
        five.put(five.ids.get(2), KEY, seen, "right");
        for (NodeId owner : five.owners(KEY)) {
            assertEquals(List.of("left", "right"), texts(five.held(owner, KEY)));
        }
        CausalContext both = five.get(five.ids.get(3), KEY).versions().context();
        five.put(five.ids.get(4), KEY, both, "merged");
        for (NodeId owner : five.owners(KEY)) {
            assertEquals(List.of("merged"), texts(five.held(owner, KEY)));
        }
    }

    @Test
    void a_put_without_context_makes_siblings_or_overwrites_by_the_buckets_policy() {
        five.bucket("last", ConflictPolicy.LAST_WRITE_WINS);
        Key last = Key.of("last", "k");
        for (Key key : List.of(KEY, last)) {
            five.put(five.ids.get(0), key, NOTHING, "old");
            five.put(five.ids.get(1), key, NOTHING, "young");
        }
        assertEquals(
                List.of("old", "young"), texts(five.get(five.ids.get(2), KEY).versions()));
        assertEquals(List.of("young"), texts(five.get(five.ids.get(2), last).versions()));
    }

    @Test
    void the_context_of_an_answer_hides_no_sibling_that_the_writer_has_not_seen() {
        NodeId owner = five.owners(KEY).get(0);
        five.put(owner, KEY, NOTHING, "another's");
        CausalContext mine = five.put(owner, KEY, NOTHING, "mine").context();
        five.put(owner, KEY, mine, "mine again");
        assertTrue(texts(five.held(owner, KEY)).contains("another's"));
    }

    @Test
    void a_fallback_keeps_a_hint_for_an_owner_that_is_down_and_hands_it_over() {
        NodeId absent = five.owners(KEY).get(2);
        five.down(absent);
        PutOutcome.Written written = five.put(five.owners(KEY).get(0), KEY, NOTHING, "v");
        assertEquals(2, written.acks());
        assertEquals(1, five.hints());
        five.heal();
        five.pass(1_000);
        assertEquals(List.of("v"), texts(five.held(absent, KEY)));
        assertEquals(0, five.hints());
    }

    @Test
    void with_no_node_to_spare_the_coordinator_keeps_a_pointer_and_tells_the_owner_later() {
        MiniCluster three = new MiniCluster(3, 3);
        NodeId absent = three.ids.get(2);
        three.down(absent);
        three.put(three.ids.get(0), KEY, NOTHING, "v");
        VersionSet pointer = three.disks.get(three.ids.get(0)).hint(KEY, absent);
        assertTrue(pointer != null && pointer.isEmpty());
        three.heal();
        three.pass(1_000);
        assertEquals(List.of("v"), texts(three.held(absent, KEY)));
        assertEquals(0, three.hints());
    }

    @Test
    void an_owner_that_died_unnoticed_is_stood_in_for_after_the_replica_timeout() {
        NodeId silent = five.owners(KEY).get(2);
        five.silentlyDown(silent);
        five.put(five.owners(KEY).get(0), KEY, NOTHING, "v");
        assertEquals(1, five.hints());
        five.heal();
        five.pass(11_000);
        assertEquals(List.of("v"), texts(five.held(silent, KEY)));
        assertEquals(0, five.hints());
    }

    @Test
    void fallbacks_alone_take_a_write_when_every_owner_is_down() {
        five.owners(KEY).forEach(five::down);
        PutOutcome.Written written = five.put(five.outsider(KEY), KEY, NOTHING, "v");
        assertEquals(2, written.acks());
        assertEquals(List.of("v"), texts(five.get(five.outsider(KEY), KEY).versions()));
        five.heal();
        five.pass(2_000);
        for (NodeId owner : five.owners(KEY)) {
            assertEquals(List.of("v"), texts(five.held(owner, KEY)));
        }
        assertEquals(0, five.hints());
    }

    @Test
    void a_fallback_that_has_handed_over_its_versions_mints_by_a_new_actor() {
        five.owners(KEY).forEach(five::down);
        NodeId fallback = five.outsider(KEY);
        long before = five.disks.get(fallback).hintActor;
        five.put(fallback, KEY, NOTHING, "v");
        five.heal();
        five.pass(2_000);
        assertTrue(five.disks.values().stream().anyMatch(d -> d.hintActor != before && d.hintActor % 500 != 0));
    }

    @Test
    void a_fallback_whose_disk_refuses_the_write_is_replaced_by_a_spare_node_that_keeps_the_hint_for_the_same_owner() {
        MiniCluster seven = new MiniCluster(7, 3);
        List<NodeId> owners = seven.owners(KEY);
        owners.forEach(seven::down);
        PreferenceList list = seven.view().forWrites(seven.ring.partitionOf(KEY));
        NodeId fallback = list.entries().get(0).node();
        seven.refusingDisk = fallback::equals;
        seven.put(fallback, KEY, NOTHING, "v");
        NodeId spare = list.spare().get(0);
        assertNotNull(seven.disks.get(spare).hint(KEY, owners.get(0)));
        assertNull(seven.disks.get(spare).hint(KEY, fallback));
    }

    @Test
    void a_put_whose_coordinator_cannot_be_reached_goes_to_the_next_and_is_one_version() {
        NodeId first = five.owners(KEY).get(0);
        five.refused = f -> f.to().equals(first) && f.message() instanceof Message.CoordinatePut;
        assertInstanceOf(PutOutcome.Written.class, five.put(five.outsider(KEY), five.command(KEY, NOTHING, "v")));
        assertEquals(1, five.get(first, KEY).versions().siblings().size());
        assertEquals(1, five.count(Probe.PUT_FORWARD_RETRIED));
    }

    @Test
    void a_put_coordinated_twice_because_the_first_answer_was_lost_collapses_to_one_version() {
        five.lost = f -> f.message() instanceof Message.CoordinatePutReply
                && f.from().equals(five.owners(KEY).get(0));
        five.put(five.outsider(KEY), KEY, NOTHING, "v");
        for (NodeId owner : five.owners(KEY)) {
            assertEquals(1, five.held(owner, KEY).siblings().size());
        }
        assertTrue(five.count(Probe.PUT_FORWARD_RETRIED) > 0);
    }

    @Test
    void a_stale_replica_is_repaired_by_a_read() {
        NodeId stale = five.owners(KEY).get(1);
        five.put(five.owners(KEY).get(0), KEY, NOTHING, "v");
        five.disks.get(stale).owned.clear();
        five.get(stale, KEY);
        assertEquals(List.of("v"), texts(five.held(stale, KEY)));
        assertTrue(five.count(Probe.READ_REPAIR) > 0);
    }

    @Test
    void a_strict_read_whose_answers_were_lost_asks_again_and_does_not_wait_for_its_deadline() {
        five.put(five.owners(KEY).get(0), KEY, NOTHING, "v");
        five.owners(KEY).forEach(five::silentlyDown);
        long request = five.send(five.outsider(KEY), new GetCommand(KEY, options(2, 0, true, 5_000)));
        five.pass(300);
        five.heal();
        five.pass(200);
        assertInstanceOf(GetOutcome.Read.class, five.gets.get(request));
        assertEquals(2, five.count(Probe.GET_ASKED_AGAIN));
    }

    @Test
    void a_read_asks_one_more_replica_when_one_is_slow() {
        five.put(five.owners(KEY).get(0), KEY, NOTHING, "v");
        five.silentlyDown(five.owners(KEY).get(1));
        five.silentlyDown(five.outsider(KEY));
        NodeId reader = five.owners(KEY).get(0);
        long request = five.send(reader, new GetCommand(KEY, options(2, 0, false, 1_000)));
        five.pass(60);
        assertInstanceOf(GetOutcome.Read.class, five.gets.get(request));
        assertTrue(five.count(Probe.GET_HEDGED) > 0);
    }

    @Test
    void slow_owners_are_waited_for_before_nodes_that_can_have_nothing_are_asked() {
        MiniCluster seven = new MiniCluster(7, 3);
        seven.put(seven.owners(KEY).get(0), KEY, NOTHING, "v");
        seven.owners(KEY).forEach(seven::silentlyDown);
        long request = seven.send(seven.outsider(KEY), new GetCommand(KEY, options(2, 0, false, 1_000)));
        seven.pass(300);
        assertNull(seven.gets.get(request));
        assertEquals(0, seven.count(Probe.FALLBACK_ASKED));
    }

    @Test
    void a_strict_quorum_takes_no_fallback() {
        five.down(five.owners(KEY).get(1));
        five.down(five.owners(KEY).get(2));
        NodeId up = five.owners(KEY).get(0);
        PutCommand strict = with(five.command(KEY, NOTHING, "v"), options(0, 2, true, 1_000));
        PutOutcome.Failed put = (PutOutcome.Failed) five.put(up, strict);
        GetOutcome.Failed get = (GetOutcome.Failed) five.get(up, KEY, options(2, 0, true, 1_000));
        assertEquals(Failure.UNAVAILABLE, put.failure());
        assertEquals(Failure.UNAVAILABLE, get.failure());
        assertTrue(five.held(up, KEY).isEmpty());
    }

    @Test
    void a_put_short_of_w_at_its_deadline_is_indeterminate_and_a_get_short_of_r_timed_out() {
        NodeId alone = five.owners(KEY).get(0);
        five.ids.stream().filter(n -> !n.equals(alone)).forEach(five::silentlyDown);
        PutOutcome put = five.put(alone, with(five.command(KEY, NOTHING, "v"), options(0, 2, false, 1_000)));
        assertEquals(1, assertInstanceOf(PutOutcome.Indeterminate.class, put).acks());
        GetOutcome get = five.get(alone, KEY, options(2, 0, false, 1_000));
        assertEquals(Failure.TIMEOUT, ((GetOutcome.Failed) get).failure());
        assertTrue(five.hints() > 0);
        five.heal();
        five.pass(30_000);
        for (NodeId owner : five.owners(KEY)) {
            assertEquals(List.of("v"), texts(five.held(owner, KEY)));
        }
    }

    @Test
    void doubled_messages_change_nothing() {
        five.doubled = true;
        CausalContext seen = five.put(five.outsider(KEY), KEY, NOTHING, "one").context();
        five.put(five.outsider(KEY), KEY, seen, "two");
        assertEquals(List.of("two"), texts(five.get(five.outsider(KEY), KEY).versions()));
        assertEquals(2, five.count(Probe.PUT_COORDINATED));
    }

    @Test
    void one_request_more_than_the_bound_is_refused_as_overloaded() {
        MiniCluster small = new MiniCluster(3, 3, 2);
        small.lost = f -> true;
        NodeId node = small.ids.get(0);
        small.send(node, small.command(KEY, NOTHING, "1"));
        small.send(node, small.command(KEY, NOTHING, "2"));
        long third = small.send(node, small.command(KEY, NOTHING, "3"));
        PutOutcome refused = small.puts.get(third);
        assertEquals(Failure.OVERLOADED, ((PutOutcome.Failed) refused).failure());
    }

    @Test
    void more_replies_than_replicas_are_refused_as_impossible() {
        PutCommand four = with(five.command(KEY, NOTHING, "v"), options(0, 4, false, 1_000));
        assertEquals(Failure.IMPOSSIBLE_QUORUM, ((PutOutcome.Failed) five.put(five.ids.get(0), four)).failure());
    }

    @Test
    void a_node_whose_disk_is_full_passes_the_put_to_another_and_still_reads() {
        NodeId full = five.owners(KEY).get(0);
        five.put(full, KEY, NOTHING, "v");
        five.disks.get(full).writable = false;
        PutOutcome.Written written = five.put(full, KEY, NOTHING, "w");
        assertTrue(!written.coordinator().equals(full));
        assertEquals(List.of("v", "w"), texts(five.get(full, KEY).versions()));
    }

    @Test
    void a_store_that_forgot_its_own_writes_goes_on_as_a_new_actor() {
        NodeId forgetful = five.owners(KEY).get(0);
        CausalContext seen = five.put(forgetful, KEY, NOTHING, "v").context();
        five.disks.get(forgetful).owned.clear();
        long before = five.disks.get(forgetful).actor;
        five.put(forgetful, KEY, seen, "w");
        assertTrue(five.disks.get(forgetful).actor != before);
        assertEquals(List.of("w"), texts(five.get(five.outsider(KEY), KEY).versions()));
    }

    @Test
    void writers_without_context_are_refused_after_so_many_siblings_and_one_that_merges_them_is_not() {
        for (int i = 0; i < 128; i++) {
            five.send(five.owners(KEY).get(0), five.command(KEY, NOTHING, "v" + i));
        }
        for (NodeId node : List.of(five.owners(KEY).get(1), five.outsider(KEY))) {
            PutCommand blind = with(five.command(KEY, NOTHING, "one more"), options(0, 0, false, 100));
            assertEquals(Failure.TOO_MANY_SIBLINGS, ((PutOutcome.Failed) five.put(node, blind)).failure());
        }
        assertEquals(0, five.count(Probe.PUT_FORWARD_RETRIED));
        VersionSet all = five.get(five.outsider(KEY), KEY).versions();
        assertEquals(128, all.siblings().size());
        five.put(five.outsider(KEY), KEY, all.context(), "merged");
        assertEquals(List.of("merged"), texts(five.get(five.outsider(KEY), KEY).versions()));
    }

    @Test
    void explain_shows_what_each_replica_holds_and_who_is_down() {
        five.put(five.outsider(KEY), KEY, NOTHING, "v");
        five.down(five.owners(KEY).get(2));
        Explanation explanation = five.explain(five.owners(KEY).get(0), KEY);
        assertEquals(5, explanation.replicas().size());
        assertEquals("ok", explanation.replicas().get(0).answer());
        assertEquals("down", explanation.replicas().get(2).answer());
        assertEquals(List.of("v"), texts(explanation.merged()));
    }
}
