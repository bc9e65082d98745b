package dev.gramme.node;

import static dev.gramme.node.MiniCluster.options;
import static dev.gramme.node.MiniCluster.texts;
import static dev.gramme.node.MiniCluster.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lost, doubled and reordered messages while nodes go down and come back: in the end all owners agree, and no acknowledged write is lost. */
class DataPlaneChaosTest {
    private static final List<Key> KEYS = List.of(Key.of("b", "one"), Key.of("b", "two"), Key.of("b", "three"));

    private final Set<String> acknowledged = new TreeSet<>();
    private final Set<String> surelyNotWritten = new HashSet<>();
    /** Seen by a writer that may have replaced them. */
    private final Set<String> maybeReplaced = new HashSet<>();
    /** Seen by a writer whose put was acknowledged. */
    private final Set<String> surelyReplaced = new HashSet<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void after_any_history_the_owners_agree_and_hold_exactly_what_nobody_replaced(long seed) {
        Random random = new Random(seed);
        MiniCluster cluster = new MiniCluster(random.nextBoolean() ? 3 : 5, 3);
        cluster.chaos = random;
        for (int step = 0; step < 60; step++) {
            perturb(cluster, random);
            write(cluster, random, "v" + step);
        }
        cluster.chaos = null;
        cluster.heal();
        cluster.pass(30_000);
        assertEquals(0, cluster.hints(), "hints drain");
        for (Key key : KEYS) {
            check(cluster, key);
        }
    }

    private static void perturb(MiniCluster cluster, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> cluster.publish(pick(cluster.ids, random), Liveness.DOWN);
            case 1 -> cluster.silentlyDown(pick(cluster.ids, random));
            case 2 -> cluster.heal();
            default -> {}
        }
    }

    private void write(MiniCluster cluster, Random random, String value) {
        Key key = pick(KEYS, random);
        NodeId at = pick(cluster.ids, random);
        CausalContext seen = CausalContext.EMPTY;
        Set<String> seenValues = new HashSet<>();
        if (random.nextInt(3) > 0 && cluster.get(at, key, options(0, 0, false, 500)) instanceof GetOutcome.Read read) {
            seen = read.versions().context();
            seenValues.addAll(texts(read.versions()));
        }
        String text = key.name().text() + value;
        PutCommand command = with(cluster.command(key, seen, text), options(0, 0, false, 1_000));
        switch (cluster.put(pick(cluster.ids, random), command)) {
            case PutOutcome.Written written -> {
                acknowledged.add(text);
                surelyReplaced.addAll(seenValues);
                maybeReplaced.addAll(seenValues);
            }
            case PutOutcome.Indeterminate indeterminate -> maybeReplaced.addAll(seenValues);
            case PutOutcome.Failed failed -> surelyNotWritten.add(text);
        }
    }

    private void check(MiniCluster cluster, Key key) {
        // Nobody reads: each owner has acknowledged or was hinted, so the hints alone make them agree.
        VersionSet first = cluster.held(cluster.owners(key).get(0), key);
        for (NodeId owner : cluster.owners(key)) {
            assertEquals(first, cluster.held(owner, key), "owners agree on " + key);
        }
        List<String> present = texts(first);
        for (String text : acknowledged) {
            if (text.startsWith(key.name().text()) && !maybeReplaced.contains(text)) {
                assertTrue(present.contains(text), text + " was acknowledged and is not among " + present);
            }
        }
        for (String text : present) {
            assertTrue(!surelyReplaced.contains(text), text + " was replaced and came back");
            assertTrue(!surelyNotWritten.contains(text), text + " was said not to be written");
        }
        assertEquals(present.size(), new HashSet<>(present).size(), "a write is no sibling of itself: " + present);
    }

    private static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
