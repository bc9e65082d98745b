package dev.gramme.antientropy;

import static dev.gramme.antientropy.MerkleTree.DEPTH;
import static dev.gramme.antientropy.MerkleTree.FAN_OUT;
import static dev.gramme.antientropy.MerkleTree.LEAVES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.Token;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MerkleTreeTest {
    private static final int PARTITIONS = 256;

    private static Token token(int number) {
        return Key.of("b", "key-" + number).token();
    }

    private static int leaf(int number) {
        return MerkleTree.leafOf(token(number), PARTITIONS);
    }

    private static long entry(int number, long digest) {
        return MerkleTree.entryHash(token(number), digest);
    }

    private static MerkleTree built(Map<Integer, Long> digests) {
        MerkleTree tree = new MerkleTree();
        digests.forEach((number, digest) -> tree.add(leaf(number), entry(number, digest)));
        return tree;
    }

    /** Every hash of it. */
    private static List<Long> all(MerkleTree tree) {
        List<Long> all = new ArrayList<>();
        all.add(tree.root());
        for (int level = 0, nodes = 1; level < DEPTH; level++, nodes *= FAN_OUT) {
            for (int index = 0; index < nodes; index++) {
                for (long child : tree.children(level, index)) {
                    all.add(child);
                }
            }
        }
        return all;
    }

    /** The leaves to which the way down leads where two trees differ. */
    private static List<Integer> differing(MerkleTree one, MerkleTree other) {
        List<Integer> nodes = one.root() == other.root() ? List.of() : List.of(0);
        for (int level = 0; level < DEPTH; level++) {
            List<Integer> below = new ArrayList<>();
            for (int node : nodes) {
                long[] ones = one.children(level, node);
                long[] others = other.children(level, node);
                for (int i = 0; i < FAN_OUT; i++) {
                    if (ones[i] != others[i]) {
                        below.add(node * FAN_OUT + i);
                    }
                }
            }
            nodes = below;
        }
        return nodes;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void any_order_of_updates_gives_the_tree_of_what_is_left(long seed) {
        Random random = new Random(seed);
        Map<Integer, Long> digests = new TreeMap<>();
        MerkleTree tree = new MerkleTree();
        for (int i = 0; i < 5_000; i++) {
            int number = random.nextInt(800);
            Long before = digests.get(number);
            long digest = random.nextLong();
            if (before == null) {
                tree.add(leaf(number), entry(number, digest));
                digests.put(number, digest);
            } else if (random.nextInt(4) == 0) {
                tree.remove(leaf(number), entry(number, before));
                digests.remove(number);
            } else {
                tree.replace(leaf(number), entry(number, before), entry(number, digest));
                digests.put(number, digest);
            }
            if (random.nextInt(50) == 0) {
                assertEquals(built(digests).root(), tree.root());
            }
        }
        assertEquals(all(built(digests)), all(tree));
        long[] leaves = new long[LEAVES];
        for (int i = 0; i < LEAVES; i++) {
            leaves[i] = tree.leaf(i);
        }
        assertEquals(all(tree), all(new MerkleTree(leaves)));
    }

    @Test
    void a_tree_from_which_all_was_taken_is_a_tree_over_nothing() {
        MerkleTree tree = new MerkleTree();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            tree.add(leaf(i), entry(i, i));
            numbers.add(i);
        }
        assertNotEquals(0, tree.root());
        Collections.shuffle(numbers, new Random(7));
        numbers.forEach(i -> tree.remove(leaf(i), entry(i, i)));
        assertTrue(all(tree).stream().allMatch(hash -> hash == 0));
        assertEquals(0, new MerkleTree().root());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 300})
    void the_way_down_leads_to_each_leaf_with_a_difference_and_to_no_other(int differences) {
        Random random = new Random(differences);
        Map<Integer, Long> ones = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            ones.put(i, random.nextLong());
        }
        Map<Integer, Long> others = new TreeMap<>(ones);
        for (int i = 0; i < differences; i++) {
            int number = random.nextInt(4_000);
            switch (random.nextInt(3)) {
                case 0 -> others.put(number, random.nextLong());
                case 1 -> others.put(number, ones.getOrDefault(number, 0L) ^ 1L << random.nextInt(Long.SIZE));
                default -> others.remove(number);
            }
        }
        List<Integer> leaves = IntStream.range(0, 4_000)
                .filter(number -> !Objects.equals(ones.get(number), others.get(number)))
                .map(MerkleTreeTest::leaf)
                .distinct()
                .sorted()
                .boxed()
                .toList();
        assertEquals(leaves, differing(built(ones), built(others)));
    }

    @Test
    void digests_that_two_keys_have_exchanged_show() {
        int one = 0;
        int other = 1;
        while (leaf(other) != leaf(one)) {
            other++;
        }
        MerkleTree tree = built(Map.of(one, 5L, other, 9L));
        assertEquals(List.of(leaf(one)), differing(tree, built(Map.of(one, 9L, other, 5L))));
    }

    @Test
    void the_same_leaves_in_other_places_are_another_tree() {
        MerkleTree one = new MerkleTree();
        MerkleTree other = new MerkleTree();
        one.add(17, 5);
        other.add(18, 5);
        assertEquals(List.of(17, 18), differing(one, other));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 100, 256, 1024})
    void the_leaves_of_a_partition_follow_the_order_of_tokens_and_share_it_evenly(int partitions) {
        Random random = new Random(partitions);
        List<Token> tokens = new ArrayList<>();
        int[] sizes = new int[LEAVES];
        for (int i = 0; i < 100_000; i++) {
            Token token = new Token(random.nextLong(), random.nextLong());
            tokens.add(token);
            sizes[MerkleTree.leafOf(token, partitions)]++;
        }
        tokens.sort((a, b) -> Long.compareUnsigned(a.high(), b.high()));
        long last = -1;
        for (Token token : tokens) {
            long place = (long) token.partition(partitions) * LEAVES + MerkleTree.leafOf(token, partitions);
            assertTrue(place >= last, token + " lies in a leaf before that of the token before it");
            last = place;
        }
        for (int size : sizes) {
            assertTrue(size < 70, "a leaf has " + size + " of 100,000 keys, and 24 would be its share");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 100, 256, 1024})
    void a_leaf_begins_with_the_first_token_that_lies_in_it(int partitions) {
        for (int partition = 0; partition < partitions; partition += 1 + partitions / 5) {
            for (int leaf = 0; leaf < LEAVES; leaf += 37) {
                Token first = new Token(MerkleTree.firstToken(partition, leaf, partitions), 0);
                assertEquals(partition, first.partition(partitions));
                assertEquals(leaf, MerkleTree.leafOf(first, partitions));
                Token before = new Token(first.high() - 1, -1);
                assertTrue(partition + leaf == 0
                        || before.partition(partitions) < partition
                        || MerkleTree.leafOf(before, partitions) < leaf);
            }
        }
    }

    @Test
    void no_node_but_those_of_a_tree_has_children() {
        MerkleTree tree = new MerkleTree();
        assertThrows(IllegalArgumentException.class, () -> tree.children(DEPTH, 0));
        assertThrows(IllegalArgumentException.class, () -> tree.children(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> tree.children(1, FAN_OUT));
        assertThrows(IllegalArgumentException.class, () -> tree.children(0, -1));
        assertThrows(IllegalArgumentException.class, () -> new MerkleTree(new long[16]));
    }

    @Test
    void what_was_handed_out_is_a_copy() {
        MerkleTree tree = built(Map.of(1, 1L));
        List<Long> before = all(tree);
        tree.children(0, 0)[0]++;
        tree.children(DEPTH - 1, 0)[0]++;
        assertEquals(before, all(tree));
        long[] leaves = new long[LEAVES];
        MerkleTree over = new MerkleTree(leaves);
        leaves[5] = 1;
        assertArrayEquals(new long[FAN_OUT], over.children(DEPTH - 1, 0));
    }
}
