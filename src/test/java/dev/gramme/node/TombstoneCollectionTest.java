package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.antientropy.CollectionBounds;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.Stamps;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Deletes are forgotten when all members have promised, and what they had deleted stays deleted. */
class TombstoneCollectionTest {
    private static final int AGE_MILLIS = 20_000;
    private static final Key KEY = Key.of("b", "k");

    private final MiniCluster nodes = new MiniCluster(
            5,
            5,
            3,
            NodeSettings.defaults(new NodeId("n"), 1).withCollections(new CollectionBounds(AGE_MILLIS, 50, 5)));
    private final List<NodeId> owners = nodes.owners(KEY);
    private final int partition = nodes.view().ring().partitionOf(KEY);

    /** Gives the state of the key before it was deleted. */
    private VersionSet writeAndDelete() {
        nodes.put(owners.get(0), KEY, CausalContext.EMPTY, "v");
        VersionSet before = nodes.held(owners.get(1), KEY);
        delete(before.context());
        return before;
    }

    private void delete(CausalContext seen) {
        PutCommand put = nodes.command(KEY, seen, "");
        Content delete = Content.delete().withIdempotencyKey(put.content().idempotencyKey());
        assertTrue(
                nodes.put(owners.get(0), new PutCommand(KEY, seen, put.seenTime(), delete, put.options()))
                        instanceof PutOutcome.Written);
    }

    private void assertForgotten() {
        owners.forEach(owner -> assertTrue(nodes.held(owner, KEY).isEmpty(), "at " + owner));
    }

    private void assertKept() {
        owners.forEach(owner -> assertFalse(nodes.held(owner, KEY).isEmpty(), "at " + owner));
    }

    @Test
    void a_deleted_key_is_forgotten_by_all_owners_when_it_is_old_enough() {
        writeAndDelete();
        nodes.pass(AGE_MILLIS / 2);
        assertKept();

        nodes.pass(2 * AGE_MILLIS);

        assertForgotten();
        nodes.ids.forEach(member ->
                assertTrue(nodes.disks.get(member).promised(partition) > 0, member + " has promised nothing"));
    }

    @Test
    void a_key_with_a_value_is_not_forgotten() {
        nodes.put(owners.get(0), KEY, CausalContext.EMPTY, "v");

        nodes.pass(5 * AGE_MILLIS);

        assertEquals(
                List.of("v"), MiniCluster.texts(nodes.get(owners.get(0), KEY).versions()));
    }

    @Test
    void a_late_copy_of_what_was_deleted_is_refused_after_the_collection() {
        VersionSet before = writeAndDelete();
        nodes.pass(3 * AGE_MILLIS);
        assertForgotten();

        nodes.deliver(owners.get(2), owners.get(1), new Message.ReplicaPut(77, KEY, before, null, 0));
        nodes.pass(100);

        assertForgotten();
        assertTrue(nodes.count(Probe.OUTDATED_REFUSED) > 0);
    }

    @Test
    void a_late_copy_is_not_kept_for_an_owner_either() {
        VersionSet before = writeAndDelete();
        nodes.pass(3 * AGE_MILLIS);
        NodeId outsider = nodes.outsider(KEY);

        nodes.deliver(owners.get(0), outsider, new Message.ReplicaPut(77, KEY, before, owners.get(1), 0));
        nodes.pass(1_000);

        assertForgotten();
        assertEquals(0, nodes.hints());
    }

    @Test
    void a_late_request_to_write_what_was_deleted_is_refused() {
        PutCommand command = nodes.command(KEY, CausalContext.EMPTY, "v");
        nodes.put(owners.get(0), command);
        delete(nodes.held(owners.get(0), KEY).context());
        nodes.pass(3 * AGE_MILLIS);
        assertForgotten();

        nodes.deliver(nodes.outsider(KEY), owners.get(0), new Message.CoordinatePut(77, command));

        assertForgotten();
    }

    @Test
    void nothing_is_forgotten_while_a_member_is_down() {
        writeAndDelete();
        nodes.down(nodes.outsider(KEY));

        nodes.pass(5 * AGE_MILLIS);
        assertKept();

        nodes.heal();
        nodes.pass(AGE_MILLIS);
        assertForgotten();
    }

    @Test
    void a_key_is_written_again_after_it_was_forgotten() {
        writeAndDelete();
        nodes.pass(3 * AGE_MILLIS);
        assertForgotten();

        nodes.put(nodes.outsider(KEY), KEY, CausalContext.EMPTY, "new");

        assertEquals(
                List.of("new"), MiniCluster.texts(nodes.get(owners.get(2), KEY).versions()));
    }

    @Test
    void an_owner_whose_disk_knows_of_no_promise_sets_aside_what_it_holds() {
        VersionSet before = writeAndDelete();
        nodes.pass(3 * AGE_MILLIS);
        NodeId forgetful = owners.get(2);
        MemoryDisk old = new MemoryDisk(9);
        old.apply(new Mutation.SetState(partition, KEY, before));
        nodes.disks.put(forgetful, old);
        nodes.start(forgetful);

        nodes.pass(3 * AGE_MILLIS);
        nodes.get(forgetful, KEY);
        nodes.pass(1_000);

        assertForgotten();
        assertTrue(nodes.count(Probe.COLLECTION_UNKNOWN_HERE) > 0);
    }

    @Test
    void a_read_past_an_owner_whose_disk_is_older_than_a_collection_does_not_show_what_was_deleted() {
        VersionSet before = writeAndDelete();
        nodes.pass(3 * AGE_MILLIS);
        NodeId forgetful = owners.get(2);
        MemoryDisk old = new MemoryDisk(9);
        old.apply(new Mutation.SetState(partition, KEY, before));
        nodes.disks.put(forgetful, old);
        nodes.start(forgetful);
        nodes.down(owners.get(0));

        assertEquals(
                List.of(), MiniCluster.texts(nodes.get(nodes.outsider(KEY), KEY).versions()));
    }

    @Test
    void an_owner_that_has_collected_counts_no_answer_of_one_that_knows_nothing_of_it() {
        VersionSet before = writeAndDelete();
        nodes.pass(3 * AGE_MILLIS);
        NodeId forgetful = owners.get(2);
        MemoryDisk old = new MemoryDisk(9);
        old.apply(new Mutation.SetState(partition, KEY, before));
        nodes.disks.put(forgetful, old);
        nodes.start(forgetful);
        nodes.down(owners.get(1));

        assertEquals(List.of(), MiniCluster.texts(nodes.get(owners.get(0), KEY).versions()));
    }

    @Test
    void a_value_that_has_expired_is_forgotten_like_a_delete() {
        PutCommand put = nodes.command(KEY, CausalContext.EMPTY, "v");
        nodes.put(owners.get(0), MiniCluster.with(put, put.options().withTtlSeconds(10)));
        VersionSet expiring = nodes.held(owners.get(1), KEY);
        nodes.pass(10_000 + AGE_MILLIS / 2);
        assertKept();

        nodes.pass(2 * AGE_MILLIS);

        assertForgotten();
        nodes.deliver(owners.get(2), owners.get(1), new Message.ReplicaPut(77, KEY, expiring, null, 0));
        nodes.pass(100);
        assertForgotten();
    }

    @Test
    void a_backup_that_is_older_than_a_collection_is_refused_and_brings_nothing_back() {
        nodes.put(owners.get(0), KEY, CausalContext.EMPTY, "v");
        BackupAnswer backup = nodes.backUp(owners.get(1), partition, BackupPart.STATES, null);
        delete(nodes.held(owners.get(1), KEY).context());
        nodes.pass(3 * AGE_MILLIS);
        assertForgotten();

        for (NodeId taker : nodes.ids) {
            long refused = nodes.restore(taker, backup.stamp(), backup.page().records());
            assertTrue(nodes.restores.get(refused).outdated(), "at " + taker);
        }
        nodes.pass(1_000);
        assertForgotten();

        long taken = nodes.restore(owners.get(0), Stamps.NOTHING, backup.page().records());
        nodes.pass(1_000);
        assertTrue(nodes.restores.get(taken).isKept());
        assertEquals(
                List.of("v"), MiniCluster.texts(nodes.get(owners.get(2), KEY).versions()));
    }

    @Test
    void a_backup_that_is_younger_than_all_collections_is_taken() {
        writeAndDelete();
        nodes.pass(3 * AGE_MILLIS);
        nodes.put(owners.get(0), KEY, CausalContext.EMPTY, "new");
        BackupAnswer backup = nodes.backUp(owners.get(1), partition, BackupPart.STATES, null);
        assertTrue(backup.stamp() > 0);

        long taken =
                nodes.restore(nodes.outsider(KEY), backup.stamp(), backup.page().records());
        nodes.pass(1_000);

        assertTrue(nodes.restores.get(taken).isKept());
        assertEquals(
                List.of("new"), MiniCluster.texts(nodes.get(owners.get(2), KEY).versions()));
    }
}
