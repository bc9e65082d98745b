package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.View;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Now;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** W counts owners' places: a hint and what its owner holds become one copy when the hint is delivered. */
class CopiesCountedOnceTest {
    private static final Key KEY = Key.of("b", "k");
    private static final Now NOW = new Now(1, 1_000);

    private final Ring ring = Claim.claim(8, 3, members());
    private final List<NodeId> owners = ring.owners(ring.partitionOf(KEY));
    private final NodeId outsider = ring.members().keySet().stream()
            .filter(n -> !owners.contains(n))
            .findFirst()
            .orElseThrow();
    private final NodeId asker = owners.get(1);
    private final MemoryDisk disk = new MemoryDisk(9);
    private final DataPlane plane = new DataPlane(
            NodeSettings.defaults(outsider, 1),
            0,
            allUp(),
            disk,
            disk.trees(8),
            disk.book(),
            disk,
            disk.losses,
            new BackgroundController(BackgroundPace.ADAPTIVE));

    @Test
    void a_stand_in_for_an_owner_that_also_answers_is_not_two_of_the_w() {
        List<Effect> begun = handle(new Event.Received(asker, new Message.CoordinatePut(5, putAtAll())));
        long token = begun.stream()
                .filter(Effect.Persist.class::isInstance)
                .mapToLong(e -> ((Effect.Persist) e).token())
                .findFirst()
                .orElseThrow();
        long id = begun.stream()
                .filter(e -> e instanceof Effect.Send(NodeId to, Message.ReplicaPut put))
                .mapToLong(e -> ((Message.ReplicaPut) ((Effect.Send) e).message()).id())
                .findFirst()
                .orElseThrow();
        List<PutOutcome> answers = new ArrayList<>(answersOf(handle(new Event.Persisted(token))));
        answers.addAll(answersOf(ok(owners.get(0), id)));
        answers.addAll(answersOf(ok(owners.get(1), id)));
        assertEquals(List.of(), answers, "three yeses, but the outsider's hint and its owner's copy are one");
        answers.addAll(answersOf(ok(owners.get(2), id)));
        assertEquals(1, answers.size());
        assertEquals(
                3, assertInstanceOf(PutOutcome.Written.class, answers.get(0)).acks());
    }

    private static PutCommand putAtAll() {
        Content content = Content.value(Bytes.utf8("v"), "text/plain").withIdempotencyKey(Bytes.utf8("once"));
        return new PutCommand(KEY, CausalContext.EMPTY, 0, content, new RequestOptions(0, 3, false, 1_000, null));
    }

    private List<Effect> ok(NodeId from, long id) {
        return handle(new Event.Received(from, new Message.ReplicaPutReply(id, ReplicaStatus.OK)));
    }

    private List<Effect> handle(Event event) {
        List<Effect> effects = plane.handle(event, NOW);
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                persist.mutations().forEach(disk::apply);
            }
        }
        return effects;
    }

    private static List<PutOutcome> answersOf(List<Effect> effects) {
        List<PutOutcome> outcomes = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send(NodeId to, Message.CoordinatePutReply reply)) {
                outcomes.add(reply.outcome());
            }
        }
        return outcomes;
    }

    private View allUp() {
        SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
        ring.members().keySet().forEach(id -> liveness.put(id, Liveness.UP));
        return new View(ring, liveness);
    }

    private static List<RingMember> members() {
        List<RingMember> members = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            members.add(new RingMember(new NodeId("n" + i), "z" + i, RingMember.DEFAULT_WEIGHT));
        }
        return members;
    }
}
