package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Now;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.RequestOptions;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Puts that are passed on to this node, and come late or twice, when their client was told long ago that they had failed. */
class LatePutsTest {
    private static final NodeId SELF = new NodeId("n1");
    private static final NodeId PEER = new NodeId("n2");
    private static final long LIFE = 77;
    private static final long PEERS_LIFE = 88;
    private static final PutCommand PUT = put(Key.of("b", "k"));

    private static PutCommand put(Key key) {
        Content once = Content.value(Bytes.utf8("v"), "").withIdempotencyKey(Bytes.utf8("once"));
        return new PutCommand(key, CausalContext.EMPTY, 0, once, RequestOptions.DEFAULT);
    }

    @Test
    void
            a_put_for_a_former_life_is_not_minted_and_nobody_is_told_that_it_failed_because_that_one_may_have_written_it() {
        DataPlane plane = plane(2);
        List<Effect> effects = plane.handle(received(7, LIFE - 1), now(1));
        assertTrue(minted(effects).isEmpty());
        assertTrue(refusals(effects).isEmpty());
        PutOutcome.Indeterminate unknown =
                outcomes(effects, PutOutcome.Indeterminate.class).getFirst();
        assertTrue(unknown.detail().contains("started again"), effects::toString);
        assertEquals(2, unknown.needed());
    }

    @Test
    void one_for_this_life_and_one_of_a_former_program_are_taken() {
        assertEquals(1, minted(plane(2).handle(received(7, LIFE), now(1))).size());
        assertEquals(1, minted(plane(2).handle(received(7, 0), now(1))).size());
    }

    @Test
    void one_that_was_refused_is_not_carried_out_when_its_copy_comes() {
        DataPlane plane = plane(2);
        plane.handle(new Event.Tick(), now(1_000));
        assertEquals(1, refusals(plane.handle(received(7, LIFE), now(3_000))).size(), "it was stopped for a while");
        assertTrue(plane.handle(received(7, LIFE), now(4_000)).isEmpty());
    }

    @Test
    void a_put_passed_on_names_the_life_of_its_receiver() {
        Ring ring = ring(1);
        Key key = Stream.iterate(0, i -> i + 1)
                .map(i -> Key.of("b", "k" + i))
                .filter(k -> ring.owns(PEER, ring.partitionOf(k)))
                .findFirst()
                .orElseThrow();
        DataPlane plane = plane(1);
        Effect.Send passedOn = plane.handle(new Event.Put(1, put(key)), now(1)).stream()
                .filter(Effect.Send.class::isInstance)
                .map(Effect.Send.class::cast)
                .findFirst()
                .orElseThrow();
        assertEquals(PEERS_LIFE, ((Message.CoordinatePut) passedOn.message()).life());
    }

    private static Event received(long id, long life) {
        return new Event.Received(PEER, new Message.CoordinatePut(id, PUT, 0, life));
    }

    private static Now now(long millis) {
        return new Now(millis * 1_000_000, 1_700_000_000_000L + millis);
    }

    private static List<PutOutcome.Failed> refusals(List<Effect> effects) {
        return outcomes(effects, PutOutcome.Failed.class);
    }

    private static <T extends PutOutcome> List<T> outcomes(List<Effect> effects, Class<T> kind) {
        return effects.stream()
                .map(effect -> effect instanceof Effect.Send(NodeId to, Message.CoordinatePutReply reply)
                        ? reply.outcome()
                        : effect)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static List<Effect> minted(List<Effect> effects) {
        return effects.stream().filter(Effect.Persist.class::isInstance).toList();
    }

    private static Ring ring(int replicas) {
        return Claim.claim(8, replicas, List.of(new RingMember(SELF, "a", 100), new RingMember(PEER, "b", 100)));
    }

    /** One of two nodes, with so many copies of each key. */
    private DataPlane plane(int replicas) {
        TreeMap<NodeId, Liveness> liveness = new TreeMap<>();
        liveness.put(SELF, Liveness.UP);
        liveness.put(PEER, Liveness.UP);
        SortedMap<NodeId, Long> lives = new TreeMap<>();
        lives.put(SELF, LIFE);
        lives.put(PEER, PEERS_LIFE);
        MemoryDisk disk = new MemoryDisk(1);
        View view = new View(Topology.settled(ring(replicas)), liveness, new TreeSet<>(), new TreeMap<>(), lives);
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
