package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An owner that keeps another value than was written, under the same dot, and whose disk finds nothing wrong with it. */
class AlteredCopiesTest {
    private static final Key KEY = Key.of("b", "k");

    private final MiniCluster three = new MiniCluster(3, 3);
    private final NodeId first = three.owners(KEY).get(0);

    @BeforeEach
    void one_owner_of_three_keeps_another_value_than_was_written() {
        three.put(first, KEY, CausalContext.EMPTY, "value");
        keepsAnother(three.owners(KEY).get(1), "valve");
        assertNotEquals(three.held(first, KEY), three.held(three.owners(KEY).get(1), KEY));
    }

    private void keepsAnother(NodeId owner, String value) {
        VersionSet written = three.held(owner, KEY);
        Version version = written.siblings().getFirst();
        Content content = Content.value(Bytes.utf8(value), version.content().contentType())
                .withIdempotencyKey(version.content().idempotencyKey());
        Version altered = new Version(version.dot(), version.time(), content, version.contiguous());
        VersionSet kept = new VersionSet(written.context(), List.of(altered), written.replaced());
        three.disks.get(owner).apply(new Mutation.SetState(three.ring.partitionOf(KEY), KEY, kept));
    }

    @Test
    void owners_whose_copies_are_laid_side_by_side_come_to_keep_the_same_one_and_say_so() {
        // A write that has not seen the value sends all that its coordinator holds.
        three.put(first, KEY, CausalContext.EMPTY, "beside");
        three.put(three.owners(KEY).get(1), KEY, CausalContext.EMPTY, "and another");
        for (NodeId owner : three.owners(KEY)) {
            assertEquals(three.held(first, KEY), three.held(owner, KEY));
        }
        assertTrue(three.probes.get(Probe.VERSION_ALTERED) >= 1);
        assertTrue(three.ids.stream()
                .anyMatch(node ->
                        three.told(node, Effect.VersionAltered.class).contains(new Effect.VersionAltered(KEY))));
    }

    @Test
    void a_write_that_replaces_the_value_ends_it() {
        CausalContext seen = three.get(first, KEY).versions().context();
        three.put(first, KEY, seen, "new");
        for (NodeId owner : three.owners(KEY)) {
            assertEquals(List.of("new"), MiniCluster.texts(three.held(owner, KEY)));
        }
    }
}
