package dev.gramme.antientropy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.ring.Key;
import dev.gramme.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One leaf of two owners, laid side by side in pages of any size. */
record LeafPages(TwoOwners.Owner a, TwoOwners.Owner b, int partition, int leaf) {
    void assertSameWhateverThePages(Random random) {
        LeafComparison whole = compare(null, 1_000, 1_000);
        for (int i = 0; i < 200; i++) {
            List<LeafComparison.Differing> differing = new ArrayList<>();
            List<Key> lacked = new ArrayList<>();
            int compared = 0;
            Key after = null;
            do {
                LeafComparison part = compare(after, 1 + random.nextInt(7), 1 + random.nextInt(7));
                differing.addAll(part.differing());
                lacked.addAll(part.lackedThere());
                compared += part.compared();
                after = part.until();
            } while (after != null);
            assertEquals(whole.differing(), differing);
            assertEquals(whole.lackedThere(), lacked);
            assertEquals(whole.compared(), compared);
        }
    }

    private LeafComparison compare(@Nullable Key after, int ours, int theirs) {
        LeafPage page = b.keys(partition, leaf, after, theirs);
        return LeafComparison.of(
                a.keys(partition, leaf, after, ours), new Message.Leaf(page.entries(), page.complete()));
    }
}
