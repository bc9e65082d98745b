package dev.gramme.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.membership.DetectionFigures.Detection;
import dev.gramme.membership.DetectionFigures.FalseAlarms;
import dev.gramme.membership.DetectionFigures.Load;
import dev.gramme.membership.SwimWorld.Conditions;
import org.junit.jupiter.api.Test;

/** The shape of {@link DetectionFigures}, at sizes that take no time; times in protocol periods of 250 ms. */
class DetectionFiguresTest {
    private static final Conditions FAIR = Conditions.fair(Timings.DEFAULT);
    private static final Conditions PLAIN = Conditions.fair(Timings.DEFAULT.withoutLifeguard());

    @Test
    void a_silent_crash_is_suspected_within_a_second_and_down_for_all_within_three() {
        Detection found = DetectionFigures.crashes(5, FAIR, 20, 1, 1);
        assertTrue(Detection.median(found.suspected()) < 4, found.suspected()::toString);
        assertTrue(Detection.median(found.everywhere()) < 12, found.everywhere()::toString);
    }

    @Test
    void a_closed_connection_is_noticed_within_a_period() {
        Detection found = DetectionFigures.crashes(5, FAIR.withNotice(), 20, 1, 1);
        assertTrue(Detection.median(found.suspected()) < 1.5, found.suspected()::toString);
    }

    @Test
    void the_first_suspicion_does_not_take_longer_in_a_larger_cluster() {
        Detection small = DetectionFigures.crashes(10, FAIR, 10, 1, 1);
        Detection large = DetectionFigures.crashes(60, FAIR, 2, 5, 1);
        assertTrue(Detection.median(large.suspected()) < 1.5 * Detection.median(small.suspected()) + 1);
    }

    @Test
    void what_a_node_sends_does_not_grow_with_the_cluster() {
        Load small = DetectionFigures.load(10, FAIR, 5_000, 1);
        Load large = DetectionFigures.load(80, FAIR, 5_000, 1);
        assertEquals(8, small.messages(), 0.5, "four pings and four answers a second");
        assertEquals(small.messages(), large.messages(), 0.5);
        assertEquals(small.bytes(), large.bytes(), 0.1 * small.bytes());
    }

    @Test
    void lost_messages_alone_take_nobody_down() {
        assertEquals(
                0,
                DetectionFigures.falseAlarms(20, FAIR.withLoss(0.01), 30_000, 1).downs());
        assertEquals(
                0,
                DetectionFigures.falseAlarms(20, FAIR.withLoss(0.1), 30_000, 1).downs());
    }

    @Test
    void slow_members_take_fewer_healthy_ones_for_dead_with_lifeguard_than_without() {
        FalseAlarms with = DetectionFigures.falseAlarms(40, FAIR.withSlow(4, 4_000, 1_000), 30_000, 1);
        FalseAlarms without = DetectionFigures.falseAlarms(40, PLAIN.withSlow(4, 4_000, 1_000), 30_000, 1);
        assertTrue(without.downs() > 0, "or there is nothing to compare");
        assertTrue(2 * with.downs() < without.downs(), with + " against " + without);
    }
}
