package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.View;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Now;
import dev.gramme.wire.Failure;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.RequestOptions;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A process that was stopped finds puts that others have long finished in its stead. */
class PausesTest {
    private static final NodeId SELF = new NodeId("n1");
    private static final NodeId PEER = new NodeId("n2");
    private static final Key KEY = Key.of("b", "k");
    private static final PutCommand PUT = new PutCommand(
            KEY,
            CausalContext.EMPTY,
            0,
            Content.value(Bytes.utf8("v"), "").withIdempotencyKey(Bytes.utf8("once")),
            RequestOptions.DEFAULT);

    private final MemoryDisk disk = new MemoryDisk(1);
    private final DataPlane plane = plane();

    @Test
    void a_put_that_waited_while_the_process_was_stopped_is_refused_and_not_minted() {
        handle(new Event.Tick(), 1_000);
        List<Effect> effects = handle(new Event.Received(PEER, new Message.CoordinatePut(7, PUT)), 3_000);
        assertEquals(List.of(Failure.OVERLOADED), refusals(effects));
        assertEquals(List.of(Failure.OVERLOADED), refusals(handle(new Event.Put(1, PUT), 3_100)));
        assertTrue(minted(effects).isEmpty());
    }

    @Test
    void a_moment_later_puts_are_taken_again() {
        handle(new Event.Tick(), 1_000);
        handle(new Event.Tick(), 3_000);
        assertEquals(1, minted(handle(new Event.Put(1, PUT), 3_600)).size());
    }

    @Test
    void a_short_delay_is_no_pause() {
        handle(new Event.Tick(), 1_000);
        assertEquals(1, minted(handle(new Event.Put(1, PUT), 1_900)).size());
    }

    private List<Effect> handle(Event event, long millis) {
        return plane.handle(event, new Now(millis * 1_000_000, 1_700_000_000_000L + millis));
    }

    private static List<Failure> refusals(List<Effect> effects) {
        return effects.stream()
                .map(PausesTest::outcome)
                .filter(PutOutcome.Failed.class::isInstance)
                .map(outcome -> ((PutOutcome.Failed) outcome).failure())
                .toList();
    }

    private static Object outcome(Effect effect) {
        if (effect instanceof Effect.Send(NodeId to, Message.CoordinatePutReply reply)) {
            return reply.outcome();
        }
        return effect instanceof Effect.PutDone done ? done.outcome() : effect;
    }

    private static List<Effect> minted(List<Effect> effects) {
        return effects.stream().filter(Effect.Persist.class::isInstance).toList();
    }

    private DataPlane plane() {
        TreeMap<NodeId, Liveness> liveness = new TreeMap<>();
        liveness.put(SELF, Liveness.UP);
        liveness.put(PEER, Liveness.UP);
        View view = new View(
                Claim.claim(8, 2, List.of(new RingMember(SELF, "a", 100), new RingMember(PEER, "b", 100))), liveness);
        return new DataPlane(
                NodeSettings.defaults(SELF, 1),
                0,
                view,
                disk,
                disk.trees(8),
                disk.book(),
                disk,
                disk.losses,
                new BackgroundController(BackgroundPace.ADAPTIVE));
    }
}
