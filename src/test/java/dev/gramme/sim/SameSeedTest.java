package dev.gramme.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same seed is the same run: without that no finding could be looked at twice. */
class SameSeedTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 4, 5, 7, 10, 14, 20})
    void the_same_seed_gives_the_same_trace(long seed) {
        Simulation.Verdict once = Simulation.run(seed, Tampering.NONE, null);
        Simulation.Verdict again = Simulation.run(seed, Tampering.NONE, null);
        assertEquals(once.hash(), again.hash(), () -> "seed " + seed + " took two courses");
        assertEquals(once.events(), again.events());
    }

    @Test
    void another_seed_gives_another_trace() {
        assertNotEquals(
                Simulation.run(1, Scenario.SWARM, Tampering.NONE, null).hash(),
                Simulation.run(3, Scenario.SWARM, Tampering.NONE, null).hash());
    }

    @Test
    void an_order_that_is_not_the_seeds_is_noticed() {
        Simulation.Verdict forwards = Simulation.run(1, Tampering.NONE, null);
        Simulation.Verdict backwards = Simulation.run(1, new EffectsInAnyOrder(), null);
        assertNotEquals(forwards.hash(), backwards.hash());
    }

    /** As if effects came out of a hash table whose order is salted per run. */
    private static final class EffectsInAnyOrder implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            List<Effect> sends = new ArrayList<>(effects);
            boolean onlySends = sends.stream().allMatch(e -> e instanceof Effect.Send);
            if (onlySends) {
                Collections.reverse(sends);
            }
            return sends;
        }
    }
}
