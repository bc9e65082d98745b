package dev.gramme.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    @Test
    void they_come_in_order_of_time_whatever_the_order_they_were_added_in() {
        Deadlines deadlines = new Deadlines();
        List<Long> times = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            long time = random.nextInt(500);
            times.add(time);
            deadlines.add(time, time);
        }
        times.sort(null);
        for (long time : times) {
            assertFalse(deadlines.isDue(time - 1));
            assertTrue(deadlines.isDue(time));
            assertEquals(time, deadlines.poll());
        }
        assertFalse(deadlines.isDue(Long.MAX_VALUE));
    }
}
