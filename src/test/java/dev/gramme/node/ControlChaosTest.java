package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.node.ControlCluster.Process;
import dev.gramme.ring.Liveness;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.wire.BucketProperties;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random kills, restarts, pauses, cuts and changes; then peace. */
class ControlChaosTest {
    private static final int NODES = 5;

    @Test
    void after_any_trouble_all_are_up_again_agree_and_nobody_was_stopped() {
        for (int seed = 0; seed < 25; seed++) {
            ControlCluster cluster = troubled(seed);
            for (Process process : cluster.running()) {
                assertEquals(List.of(), process.stops, "seed " + seed);
                assertEquals(cluster.at(1).published, process.published, "seed " + seed);
                for (Liveness liveness : process.plane.view().liveness().values()) {
                    assertEquals(Liveness.UP, liveness, "seed " + seed);
                }
            }
        }
    }

    @Test
    void the_same_seed_gives_the_same_effects() {
        assertEquals(effects(troubled(3)), effects(troubled(3)));
    }

    private static ControlCluster troubled(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ControlCluster cluster = new ControlCluster(NODES, seed);
        cluster.startAll();
        for (int step = 0; step < 30; step++) {
            trouble(cluster, 1 + random.nextInt(NODES), random);
            cluster.run(random.nextInt(random.nextBoolean() ? 100 : 2_000));
        }
        cluster.healLinks();
        for (int node = 1; node <= NODES; node++) {
            cluster.at(node).paused = false;
            if (cluster.at(node).dead) {
                cluster.start(node);
            }
        }
        cluster.run(5_000);
        return cluster;
    }

    private static void trouble(ControlCluster cluster, int node, SplittableRandom random) {
        Process process = cluster.at(node);
        switch (random.nextInt(7)) {
            case 0 -> cluster.kill(node);
            case 1 -> {
                cluster.kill(node);
                cluster.start(node);
            }
            case 2 -> process.paused = !process.paused;
            case 3, 4 -> cluster.cut(node, 1 + random.nextInt(NODES));
            case 5 -> cluster.healLinks();
            default -> {
                if (!process.dead && !process.paused) {
                    String bucket = "bucket" + random.nextInt(3);
                    process.does(new Event.SetBucket(
                            1,
                            new BucketProperties(
                                    bucket, ConflictPolicy.SIBLINGS, 1 + random.nextInt(3), 1 + random.nextInt(3), 0)));
                }
            }
        }
    }

    private static int effects(ControlCluster cluster) {
        return cluster.running().stream().map(p -> p.effects).toList().hashCode();
    }
}
