package dev.gramme.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MinimumCostFlowTest {
    private static final int LEFT = 4;
    private static final int RIGHT = 5;

    /** Left vertices of capacity 1 or 2 matched to right ones of capacity 1, against trying every way. */
    @Test
    void the_flow_is_greatest_and_among_the_greatest_cheapest() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int[] capacity = random.ints(LEFT, 1, 3).toArray();
            int[][] cost = new int[LEFT][RIGHT];
            int[][] edge = new int[LEFT][RIGHT];
            MinimumCostFlow flow = new MinimumCostFlow(2 + LEFT + RIGHT, LEFT + RIGHT + LEFT * RIGHT);
            for (int l = 0; l < LEFT; l++) {
                flow.edge(0, 2 + l, capacity[l], 0);
                for (int r = 0; r < RIGHT; r++) {
                    cost[l][r] = random.nextInt(3) - 1;
                    edge[l][r] = cost[l][r] < 0 ? -1 : flow.edge(2 + l, 2 + LEFT + r, 1, cost[l][r]);
                }
            }
            for (int r = 0; r < RIGHT; r++) {
                flow.edge(2 + LEFT + r, 1, 1, 0);
            }
            int size = flow.fill(0, 1);
            int paid = 0;
            for (int l = 0; l < LEFT; l++) {
                for (int r = 0; r < RIGHT; r++) {
                    paid += edge[l][r] >= 0 && flow.isFull(edge[l][r]) ? cost[l][r] : 0;
                }
            }
            assertEquals(best(0, capacity, cost), size * 100 - paid, "seed " + seed);
        }
    }

    /** The best of size * 100 - cost over every way to match the right vertices from {@code right} on. */
    private static int best(int right, int[] capacity, int[][] cost) {
        if (right == RIGHT) {
            return 0;
        }
        int best = best(right + 1, capacity, cost);
        for (int l = 0; l < LEFT; l++) {
            if (capacity[l] > 0 && cost[l][right] >= 0) {
                capacity[l]--;
                best = Math.max(best, 100 - cost[l][right] + best(right + 1, capacity, cost));
                capacity[l]++;
            }
        }
        return best;
    }
}
