package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.node.ControlCluster.Process;
import dev.gramme.ring.Liveness;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A fresh cluster on a machine that has far too much to do: nodes start seconds apart, find nobody at first, run in fits, and what they say takes up to
 * seconds.
 */
class SlowStartTest {
    private static final int NODES = 5;
    private static final int ENOUGH = 3;
    private static final int STARTS_WITHIN_MILLIS = 8_000;
    private static final int STEP_MILLIS = 50;

    private final int[] startMillis = new int[NODES];
    private final int[] changesMillis = new int[NODES];
    private int looks;
    private int ready;

    @ParameterizedTest
    @CsvSource({"1, 1500, 0", "2, 800, 0", "3, 20, 1500", "4, 1500, 600", "5, 2000, 1500"})
    void all_come_to_be_ready_and_stay_so(int seed, int slowestMillis, int longestPauseMillis) {
        ControlCluster cluster = new ControlCluster(NODES, seed);
        cluster.slowestMillis = slowestMillis;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < NODES; i++) {
            startMillis[i] = random.nextInt(STARTS_WITHIN_MILLIS);
        }
        for (int millis = 0; millis < 40_000; millis += STEP_MILLIS) {
            for (int i = 0; i < NODES; i++) {
                startOrPause(cluster, i, millis, longestPauseMillis, random);
            }
            cluster.run(STEP_MILLIS);
            if (millis > 2 * STARTS_WITHIN_MILLIS) {
                cluster.running().forEach(this::look);
            }
        }
        cluster.running().forEach(process -> assertEquals(List.of(), process.stops));
        assertTrue(ready >= 0.9 * looks, "ready in " + ready + " of " + looks + " looks");
    }

    private void startOrPause(
            ControlCluster cluster, int node, int millis, int longestPauseMillis, SplittableRandom random) {
        if (startMillis[node] / STEP_MILLIS == millis / STEP_MILLIS) {
            cluster.start(node + 1);
        } else if (startMillis[node] < millis && longestPauseMillis > 0 && millis >= changesMillis[node]) {
            cluster.at(node + 1).paused ^= true;
            changesMillis[node] = millis + STEP_MILLIS + random.nextInt(longestPauseMillis);
        }
    }

    /** With three of five every partition has two nodes, fallbacks among them: R and W. */
    private void look(Process process) {
        long up = process.plane.view().liveness().values().stream()
                .filter(liveness -> liveness.state() == Liveness.State.UP)
                .count();
        looks++;
        ready += up >= ENOUGH ? 1 : 0;
    }
}
