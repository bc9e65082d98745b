package dev.gramme.node;

import static dev.gramme.node.MiniCluster.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.handoff.HintBounds;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.wire.Probe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept for an owner that stays away, when it becomes too much or too old. */
@Timeout(60)
class HintRetirementTest {
    private static final int AGE_MILLIS = 20_000;
    private static final int UNTIL_EXCHANGED_MILLIS = 60_000;
    private static final Key KEY = Key.of("b", "k");

    private static MiniCluster four(HintBounds bounds) {
        return new MiniCluster(
                4, 4, 3, NodeSettings.defaults(new NodeId("n"), 1).withHints(bounds));
    }

    @Test
    void an_owner_that_is_away_for_too_long_is_waited_for_no_more_and_hears_of_it_from_the_others() {
        MiniCluster four = four(new HintBounds(1 << 20, AGE_MILLIS));
        List<NodeId> owners = four.owners(KEY);
        NodeId absent = owners.get(2);
        four.down(absent);
        four.put(owners.get(0), KEY, CausalContext.EMPTY, "v");
        four.pass(AGE_MILLIS / 2);
        assertTrue(four.hints() > 0);
        four.pass(AGE_MILLIS);
        assertEquals(0, four.hints());
        assertTrue(four.probes.getOrDefault(Probe.HINT_RETIRED, 0L) > 0);
        four.heal();
        four.pass(UNTIL_EXCHANGED_MILLIS);
        assertEquals(List.of("v"), texts(four.held(absent, KEY)));
    }

    @Test
    void more_bytes_than_may_be_kept_are_not_waited_with() {
        MiniCluster four = four(new HintBounds(64, 1_000_000));
        List<NodeId> owners = four.owners(KEY);
        four.down(owners.get(2));
        four.put(owners.get(0), KEY, CausalContext.EMPTY, "v".repeat(100));
        four.pass(1_000);
        assertEquals(0, four.hints());
    }

    @Test
    void large_ones_are_given_up_a_few_at_a_time() {
        MiniCluster four = four(new HintBounds(1, AGE_MILLIS));
        four.down(four.owners(KEY).get(2));
        for (int i = 0; i < 40; i++) {
            four.send(four.ids.get(0), four.command(Key.of("b", "k" + i), CausalContext.EMPTY, "v".repeat(100_000)));
        }
        while (four.count(Probe.HINT_RETIRED) == 0) {
            four.pass(DataPlane.TICK_MILLIS);
        }
        assertTrue(
                four.count(Probe.HINT_RETIRED) <= 3L * four.ids.size(),
                four.count(Probe.HINT_RETIRED) + " are in memory at once");
        four.pass(5_000);
        assertEquals(0, four.hints());
    }

    @Test
    void what_only_a_fallback_has_is_forgotten_when_the_other_owners_have_it_and_not_before() {
        MiniCluster four = four(new HintBounds(1 << 20, AGE_MILLIS));
        List<NodeId> owners = four.owners(KEY);
        NodeId keeper = four.outsider(KEY);
        four.down(owners.get(1));
        four.down(owners.get(2));
        // One owner and its stand-in are all that take the write.
        four.put(owners.get(0), KEY, CausalContext.EMPTY, "v");
        four.pass(2 * AGE_MILLIS);
        assertTrue(four.disks.get(keeper).book().counts().size() > 0, "another owner is away too");
        four.heal();
        four.down(owners.get(2));
        four.pass(3 * AGE_MILLIS);
        assertEquals(List.of("v"), texts(four.held(owners.get(1), KEY)));
        assertEquals(0, four.hints());
    }
}
