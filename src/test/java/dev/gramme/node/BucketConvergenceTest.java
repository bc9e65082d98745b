package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.node.ControlCluster.Process;
import dev.gramme.ring.NodeId;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Now;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message;
import dev.gramme.wire.RingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BucketConvergenceTest {
    private final ControlCluster cluster = new ControlCluster(5, 5);

    @Test
    void properties_set_anywhere_are_soon_the_same_everywhere() {
        cluster.startAll();
        cluster.run(1_000);
        BucketProperties set = set(cluster.at(2), "users", 1, 3);
        assertTrue(set.time() > 0);
        cluster.run(30);
        cluster.running().forEach(p -> assertEquals(set, p.published.get("users")));
        BucketProperties later = set(cluster.at(4), "users", 3, 1);
        cluster.run(30);
        cluster.running().forEach(p -> assertEquals(later, p.published.get("users")));
    }

    @Test
    void tables_that_grew_apart_in_a_partition_become_one_after_it() {
        for (int seed = 0; seed < 10; seed++) {
            ControlCluster fresh = new ControlCluster(5, seed);
            SplittableRandom random = new SplittableRandom(seed);
            fresh.startAll();
            fresh.run(500);
            for (int i = 0; i < 12; i++) {
                fresh.cut(1 + random.nextInt(5), 1 + random.nextInt(5));
                Process process = fresh.at(1 + random.nextInt(5));
                set(process, "bucket" + random.nextInt(4), 1 + random.nextInt(3), 1 + random.nextInt(3));
                fresh.run(random.nextInt(200));
            }
            fresh.healLinks();
            fresh.run(3_000);
            fresh.running().forEach(p -> assertEquals(fresh.at(1).published, p.published));
        }
    }

    @Test
    void a_node_that_was_away_is_told_when_it_is_back() {
        cluster.startAll();
        cluster.run(500);
        BucketProperties set = set(cluster.at(2), "users", 1, 3);
        cluster.kill(2);
        cluster.run(500);
        Process back = cluster.start(2);
        cluster.run(700);
        assertEquals(set, back.published.get("users"));
    }

    @Test
    void impossible_properties_are_refused_with_the_reason() {
        Process first = cluster.start(1);
        assertObjection(first, "users", 0, 1, "r must be 1 to N = 3, not 0");
        assertObjection(first, "users", 1, 4, "w must be 1 to N = 3, not 4");
        assertObjection(first, "no/slash", 1, 1, "a bucket's name");
        assertTrue(first.published.isEmpty());
    }

    @Test
    void no_more_buckets_than_the_bound_get_properties() {
        Process first = cluster.start(1);
        for (int i = 0; i < BucketProperties.MAX_BUCKETS_WITH_PROPERTIES; i++) {
            set(first, "b" + i, 1, 1);
        }
        assertObjection(first, "more", 1, 1, "1024 buckets have properties");
        assertEquals(2, set(first, "b7", 2, 1).r());
    }

    @Test
    void a_set_is_never_in_vain_even_after_a_clock_far_ahead() {
        BucketBook book = new BucketBook(3, new TreeMap<>());
        long far = 1_000_000_000L << 16;
        BucketProperties ahead = new BucketProperties("users", ConflictPolicy.SIBLINGS, 1, 1, far);
        book.merge(new Message.BucketTable(List.of(ahead)), new Now(0, 1_000), new ArrayList<>());
        assertEquals(ahead, book.table().byBucket().get("users"));
        BucketProperties asked = new BucketProperties("users", ConflictPolicy.SIBLINGS, 2, 2, 0);
        book.set(new Event.SetBucket(1, asked), List.of(), new Now(0, 1_000), new ArrayList<>());
        assertEquals(2, book.table().byBucket().get("users").r());
    }

    @Test
    void a_time_to_live_is_refused_while_a_member_runs_a_program_that_does_not_know_it() {
        BucketBook book = new BucketBook(3, new TreeMap<>());
        BucketProperties asked = new BucketProperties("users", ConflictPolicy.SIBLINGS, 2, 2, 60, 0);
        List<Effect> effects = new ArrayList<>();
        assertFalse(book.set(new Event.SetBucket(1, asked), List.of(member(2), member(1)), new Now(0, 0), effects));
        String error = ((Effect.BucketSet) effects.getFirst()).error();
        assertEquals(
                "n1 runs a program (gramme 1) that does not know ttlSeconds yet: start the new program there first,"
                        + " or remove it",
                error);
        assertTrue(book.set(new Event.SetBucket(2, asked), List.of(member(2)), new Now(0, 0), effects));
        assertEquals(60, book.table().byBucket().get("users").ttlSeconds());
    }

    private static MemberRecord member(int format) {
        return new MemberRecord(
                new NodeId("n" + format),
                1,
                0,
                MemberRecord.Standing.values()[0],
                "h:1",
                "h:2",
                "z",
                1,
                true,
                format,
                "gramme " + format,
                0,
                RingProgress.NONE);
    }

    @Test
    void a_kept_table_is_published_first_and_hostile_entries_are_left_out() {
        BucketProperties kept = new BucketProperties("users", ConflictPolicy.LAST_WRITE_WINS, 1, 2, 77);
        TreeMap<String, BucketProperties> table = new TreeMap<>();
        table.put("users", kept);
        BucketBook book = new BucketBook(3, table);
        List<Effect> effects = new ArrayList<>();
        book.start(new Now(0, 0), effects);
        assertEquals(List.of(new Effect.PublishBuckets(table)), effects);
        effects.clear();
        book.merge(
                new Message.BucketTable(List.of(
                        new BucketProperties("users", ConflictPolicy.SIBLINGS, 9, 1, 99),
                        new BucketProperties("eternal", ConflictPolicy.SIBLINGS, 1, 1, Long.MAX_VALUE),
                        new BucketProperties("../etc", ConflictPolicy.SIBLINGS, 1, 1, 99))),
                new Now(0, 0),
                effects);
        assertEquals(List.of(), effects);
    }

    private static BucketProperties set(Process process, String bucket, int r, int w) {
        BucketProperties asked = new BucketProperties(bucket, ConflictPolicy.LAST_WRITE_WINS, r, w, 0);
        Effect.BucketSet answer = answer(process, asked);
        assertEquals("", answer.error());
        return answer.properties();
    }

    private static void assertObjection(Process process, String bucket, int r, int w, String part) {
        Effect.BucketSet answer = answer(process, new BucketProperties(bucket, ConflictPolicy.SIBLINGS, r, w, 0));
        assertTrue(answer.error().contains(part), answer.error());
        assertFalse(answer.error().isEmpty());
    }

    private static Effect.BucketSet answer(Process process, BucketProperties asked) {
        return process.does(new Event.SetBucket(9, asked)).stream()
                .filter(Effect.BucketSet.class::isInstance)
                .map(Effect.BucketSet.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
