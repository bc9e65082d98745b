package dev.gramme.node;

import static dev.gramme.node.MiniCluster.options;
import static dev.gramme.node.MiniCluster.texts;
import static dev.gramme.node.MiniCluster.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One write that two coordinators made a version of each, and its replacement, in every order that matters. */
class RetriesOfReplacedWritesTest {
    private static final Key KEY = Key.of("b", "k");
    private static final CausalContext NOTHING = CausalContext.EMPTY;

    private final MiniCluster three = new MiniCluster(3, 3);
    private final NodeId alone = three.ids.get(0);
    private final NodeId second = three.ids.get(1);
    private final NodeId third = three.ids.get(2);
    private final PutCommand put = with(three.command(KEY, NOTHING, "old"), options(0, 2, false, 500));

    @Test
    void a_value_does_not_come_back_from_the_coordinator_that_nobody_heard_of() {
        cutOff();
        assertInstanceOf(PutOutcome.Indeterminate.class, three.put(alone, put));
        CausalContext seen = written(three.put(second, put)).context();
        assertInstanceOf(PutOutcome.Written.class, three.put(third, delete(seen)));
        three.heal();
        three.pass(2_000);
        assertNothingIsLeft();
    }

    @Test
    void nor_if_whoever_replaced_it_was_told_by_a_node_that_did_not_hold_it() {
        cutOff();
        assertInstanceOf(PutOutcome.Indeterminate.class, three.put(alone, put));
        three.lost = three.lost.or(f -> f.to().equals(third) && f.message() instanceof Message.ReplicaPut);
        CausalContext seen =
                written(three.put(second, with(put, options(0, 1, false, 500)))).context();
        cutOff();
        assertTrue(three.held(third, KEY).isEmpty());
        assertInstanceOf(PutOutcome.Written.class, three.put(third, delete(seen)));
        three.heal();
        three.pass(2_000);
        assertNothingIsLeft();
    }

    @Test
    void a_retry_that_comes_after_the_replacement_mints_nothing_and_is_told_that_it_is_written() {
        PutOutcome.Written first = written(three.put(alone, put));
        three.put(second, delete(first.context()));
        long collapsed = three.count(Probe.PUT_RETRY_COLLAPSED);
        PutOutcome.Written again = written(three.put(third, put));
        assertEquals(first.dot(), again.dot());
        assertEquals(NOTHING, again.context());
        assertEquals(collapsed + 1, three.count(Probe.PUT_RETRY_COLLAPSED));
        assertNothingIsLeft();
    }

    @Test
    void a_retry_of_what_is_there_is_told_the_same_so_its_writer_can_replace_it() {
        CausalContext first = written(three.put(alone, put)).context();
        CausalContext again = written(three.put(second, put)).context();
        assertEquals(first, again);
        written(three.put(third, three.command(KEY, again, "new")));
        for (NodeId node : three.ids) {
            assertEquals(List.of("new"), texts(three.held(node, KEY)));
        }
    }

    @Test
    void a_retry_whose_writer_had_not_seen_an_earlier_write_of_the_same_actor_is_not_told_that_it_has() {
        written(three.put(alone, three.command(KEY, NOTHING, "another's")));
        written(three.put(alone, put));
        CausalContext again = written(three.put(second, put)).context();
        written(three.put(third, three.command(KEY, again, "new")));
        assertTrue(texts(three.held(third, KEY)).contains("another's"));
    }

    private void cutOff() {
        three.lost = flight -> flight.from().equals(alone) || flight.to().equals(alone);
    }

    private PutCommand delete(CausalContext seen) {
        PutCommand command = three.command(KEY, seen, "");
        Content content = Content.delete().withIdempotencyKey(command.content().idempotencyKey());
        return new PutCommand(KEY, seen, 0, content, options(0, 2, false, 500));
    }

    private static PutOutcome.Written written(PutOutcome outcome) {
        return assertInstanceOf(PutOutcome.Written.class, outcome);
    }

    private void assertNothingIsLeft() {
        for (NodeId node : three.ids) {
            assertEquals(List.of(), texts(three.get(node, KEY).versions()));
            assertEquals(List.of(), texts(three.held(node, KEY)));
            assertEquals(1, three.held(node, KEY).siblings().size());
        }
    }
}
