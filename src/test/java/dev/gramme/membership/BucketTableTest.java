package dev.gramme.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gramme.version.ConflictPolicy;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.TimeToLive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BucketTableTest {
    private static final BucketTable EMPTY = new BucketTable(new TreeMap<>());

    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void merging_is_commutative_associative_and_idempotent_also_at_the_bound() {
        for (int i = 0; i < 60; i++) {
            int names = i % 2 == 0 ? 5 : 3_000;
            BucketTable a = table(names);
            BucketTable b = table(names);
            BucketTable c = table(names);
            assertEquals(merge(a, b), merge(b, a));
            assertEquals(merge(merge(a, b), c), merge(a, merge(b, c)));
            assertEquals(a, merge(a, a));
            assertEquals(merge(a, b).hash(), merge(b, a).hash());
        }
    }

    @Test
    void the_later_holds_and_of_equally_late_ones_the_same_on_every_node() {
        BucketProperties early = new BucketProperties("b", ConflictPolicy.LAST_WRITE_WINS, 3, 3, 1);
        BucketProperties late = new BucketProperties("b", ConflictPolicy.SIBLINGS, 1, 1, 2);
        BucketProperties rival = new BucketProperties("b", ConflictPolicy.SIBLINGS, 1, 2, 2);
        assertEquals(late, BucketTable.later(early, late));
        assertEquals(late, BucketTable.later(late, early));
        assertEquals(BucketTable.later(late, rival), BucketTable.later(rival, late));
    }

    @Test
    void different_tables_have_different_hashes() {
        BucketProperties one = new BucketProperties("b", ConflictPolicy.SIBLINGS, 1, 1, 2);
        BucketProperties two = new BucketProperties("b", ConflictPolicy.SIBLINGS, 1, 1, 3);
        assertNotEquals(
                EMPTY.merge(List.of(one), 3).hash(),
                EMPTY.merge(List.of(two), 3).hash());
        assertNotEquals(EMPTY.hash(), EMPTY.merge(List.of(one), 3).hash());
    }

    @Test
    void a_time_to_live_beyond_its_bounds_is_no_property_of_any_bucket() {
        BucketProperties never = new BucketProperties("b", ConflictPolicy.SIBLINGS, 1, 1, 0, 2);
        BucketProperties longest = new BucketProperties("b", ConflictPolicy.SIBLINGS, 1, 1, TimeToLive.MAX_SECONDS, 2);
        assertEquals("", BucketTable.objection(never, 3));
        assertEquals("", BucketTable.objection(longest, 3));
        for (int seconds : new int[] {-1, TimeToLive.MAX_SECONDS + 1, TimeToLive.UNLIMITED}) {
            BucketProperties wrong = new BucketProperties("b", ConflictPolicy.SIBLINGS, 1, 1, seconds, 2);
            assertEquals(
                    "ttlSeconds must be 0 (values never expire) or 1 to 315360000, not " + seconds,
                    BucketTable.objection(wrong, 3));
            assertEquals(EMPTY, EMPTY.merge(List.of(wrong), 3));
        }
    }

    private static BucketTable merge(BucketTable a, BucketTable b) {
        Collection<BucketProperties> other = b.byBucket().values();
        return a.merge(other, 3);
    }

    private BucketTable table(int names) {
        List<BucketProperties> buckets = new ArrayList<>();
        for (int i = random.nextInt(names); i > 0; i--) {
            ConflictPolicy policy = random.nextBoolean() ? ConflictPolicy.SIBLINGS : ConflictPolicy.LAST_WRITE_WINS;
            buckets.add(new BucketProperties(
                    "b" + random.nextInt(names),
                    policy,
                    1 + random.nextInt(3),
                    1 + random.nextInt(3),
                    random.nextInt(3),
                    1 + random.nextInt(3)));
        }
        return EMPTY.merge(buckets, 3);
    }
}
