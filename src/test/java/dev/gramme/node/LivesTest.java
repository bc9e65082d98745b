package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gramme.node.ControlCluster.Process;
import dev.gramme.wire.Gossip;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.Rumour;
import java.util.List;
import org.junit.jupiter.api.Test;

/** For which life of a member a put is passed on to it. */
class LivesTest {
    private final ControlCluster cluster = new ControlCluster(5, 11);

    @Test
    void all_name_the_same_life_of_a_member_and_another_when_it_was_started_again() {
        cluster.startAll();
        cluster.run(1_000);
        long before = lifeOfThird();
        cluster.kill(3);
        cluster.run(500);
        cluster.start(3);
        cluster.run(1_000);
        assertNotEquals(before, lifeOfThird());
    }

    @Test
    void of_a_member_that_runs_a_former_program_no_life_is_named() {
        cluster.startAll();
        cluster.run(1_000);
        Process third = cluster.at(3);
        Rumour former = new Rumour.Alive(new MemberRecord(
                third.id,
                third.instance,
                cluster.now().wallMillis() + 1_000_000,
                MemberRecord.Standing.SERVING,
                third.address,
                "http-of-n3",
                "",
                100,
                true,
                MessageCodec.FORMAT_OF_LIVES - 1,
                "former",
                0,
                RingProgress.NONE));
        Gossip gossip = new Gossip(third.instance, 0, 0, 0, List.of(former));
        Process first = cluster.at(1);
        first.does(new Event.Received(third.id, new Message.Rumours(gossip)));
        assertEquals(0, first.plane.view().life(third.id));
    }

    private long lifeOfThird() {
        long life = cluster.at(3).instance;
        for (Process process : cluster.running()) {
            assertEquals(life, process.plane.view().life(ControlCluster.node(3)), process.id.name());
        }
        return life;
    }
}
