package dev.gramme.node;

import static dev.gramme.node.MiniCluster.texts;
import static dev.gramme.node.MiniCluster.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Content;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.RequestOptions;
import dev.gramme.wire.TimeToLive;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiringValuesTest {
    private static final Key KEY = Key.of("b", "k");
    private static final CausalContext NOTHING = CausalContext.EMPTY;

    private final MiniCluster four = new MiniCluster(4, 3);
    private final NodeId outsider = four.outsider(KEY);
    private final NodeId owner = four.owners(KEY).getFirst();

    @Test
    void when_a_value_expires_is_fixed_once_and_the_same_at_every_replica() {
        long before = four.wallMillis();
        PutOutcome.Written written = put(outsider, NOTHING, "v", 60);
        assertTrue(written.expiresMillis() >= before + 60_000 && written.expiresMillis() <= four.wallMillis() + 60_000);
        for (NodeId replica : four.owners(KEY)) {
            VersionSet held = four.held(replica, KEY);
            assertEquals(
                    written.expiresMillis(),
                    held.siblings().getFirst().content().expiresMillis());
        }
    }

    @Test
    void a_retry_does_not_lengthen_a_value_s_life() {
        PutCommand command = with(four.command(KEY, NOTHING, "v"), RequestOptions.DEFAULT.withTtlSeconds(60));
        PutOutcome.Written first = (PutOutcome.Written) four.put(owner, command);
        four.pass(10_000);
        PutOutcome.Written again = (PutOutcome.Written) four.put(owner, command);
        assertEquals(first.dot(), again.dot());
        assertEquals(first.expiresMillis(), again.expiresMillis());
    }

    @Test
    void an_expired_value_is_absent_through_every_node_and_its_record_stays() {
        put(owner, NOTHING, "v", 10);
        four.pass(11_000);
        for (NodeId node : four.ids) {
            GetOutcome.Read read = four.get(node, KEY);
            assertEquals(List.of(), texts(read.shown()));
            assertEquals(List.of("v"), texts(read.versions()));
        }
        four.owners(KEY).forEach(replica -> assertEquals(List.of("v"), texts(four.held(replica, KEY))));
    }

    @Test
    void repair_brings_the_record_and_not_the_value() {
        NodeId late = four.owners(KEY).getLast();
        four.silentlyDown(late);
        put(owner, NOTHING, "v", 10);
        four.pass(11_000);
        four.heal();
        four.get(owner, KEY, MiniCluster.options(3, 0, true, 1_000));
        assertEquals(List.of("v"), texts(four.held(late, KEY)));
        assertEquals(List.of(), texts(four.get(late, KEY).shown()));
    }

    @Test
    void a_put_that_replaces_it_lives_by_its_own_time() {
        PutOutcome.Written first = put(owner, NOTHING, "short", 10);
        PutOutcome.Written second = put(owner, first.context(), "for ever", TimeToLive.OF_BUCKET);
        assertEquals(0, second.expiresMillis());
        four.pass(11_000);
        assertEquals(List.of("for ever"), texts(four.get(outsider, KEY).shown()));
    }

    @Test
    void who_has_read_that_it_is_absent_replaces_it() {
        put(owner, NOTHING, "old", 10);
        four.pass(11_000);
        GetOutcome.Read read = four.get(outsider, KEY);
        four.put(outsider, KEY, read.versions().context(), "new");
        assertEquals(List.of("new"), texts(four.get(owner, KEY).versions()));
    }

    @Test
    void a_bucket_s_time_holds_where_the_put_says_none() {
        four.bucket(new BucketProperties("b", ConflictPolicy.SIBLINGS, 2, 2, 30, 1));
        PutOutcome.Written ofBucket = put(outsider, NOTHING, "v", TimeToLive.OF_BUCKET);
        assertNotEquals(0, ofBucket.expiresMillis());
        PutOutcome.Written longer = put(outsider, ofBucket.context(), "v", 300);
        assertTrue(longer.expiresMillis() > ofBucket.expiresMillis() + 200_000);
        assertEquals(
                0, put(outsider, longer.context(), "v", TimeToLive.UNLIMITED).expiresMillis());
    }

    @Test
    void a_delete_does_not_expire() {
        four.bucket(new BucketProperties("b", ConflictPolicy.SIBLINGS, 2, 2, 30, 1));
        PutOutcome.Written written = put(outsider, NOTHING, "v", TimeToLive.OF_BUCKET);
        PutCommand delete = four.command(KEY, written.context(), "");
        Content tombstone = Content.delete().withIdempotencyKey(delete.content().idempotencyKey());
        PutOutcome.Written deleted = (PutOutcome.Written)
                four.put(owner, new PutCommand(KEY, delete.seen(), delete.seenTime(), tombstone, delete.options()));
        assertEquals(0, deleted.expiresMillis());
        assertTrue(four.held(owner, KEY).siblings().getFirst().content().tombstone());
    }

    private PutOutcome.Written put(NodeId at, CausalContext seen, String value, int ttlSeconds) {
        PutCommand command = four.command(KEY, seen, value);
        return (PutOutcome.Written) four.put(at, with(command, RequestOptions.DEFAULT.withTtlSeconds(ttlSeconds)));
    }
}
