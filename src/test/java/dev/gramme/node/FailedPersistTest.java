package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import dev.gramme.version.Dot;
import dev.gramme.version.Now;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A replica whose write could not be made durable, and that is told the same state again. */
class FailedPersistTest {
    private static final NodeId SELF = new NodeId("n1");
    private static final NodeId PEER = new NodeId("n2");
    private static final Key KEY = Key.of("b", "k");
    private static final Now NOW = new Now(1, 1_000);
    private static final VersionSet STATE = VersionSet.EMPTY.put(
            CausalContext.EMPTY, new Version(new Dot(77, 1), 1, Content.value(Bytes.utf8("v"), "text/plain")));

    private final MemoryDisk disk = new MemoryDisk(1);
    private final DataPlane plane = plane();

    @Test
    void what_could_not_be_written_is_written_when_it_comes_again_and_only_then_acknowledged() {
        long refused = persistOf(told(1));
        assertEquals(List.of(ReplicaStatus.STORAGE_FULL), repliesOf(handle(new Event.PersistFailed(refused, true))));

        List<Effect> again = told(2);
        assertEquals(List.of(), repliesOf(again));
        assertEquals(List.of(ReplicaStatus.OK), repliesOf(handle(new Event.Persisted(persistOf(again)))));

        assertEquals(List.of(ReplicaStatus.OK), repliesOf(told(3)));
    }

    @Test
    void an_earlier_write_that_ends_later_does_not_make_good_for_the_one_that_failed() {
        long first = persistOf(told(1));
        VersionSet newer = STATE.put(
                STATE.context(), new Version(new Dot(77, 2), 2, Content.value(Bytes.utf8("w"), "text/plain")));
        long second = persistOf(told(2, newer));
        handle(new Event.PersistFailed(second, true));
        handle(new Event.Persisted(first));
        assertEquals(List.of(), repliesOf(told(3, newer)));
    }

    private List<Effect> told(long id) {
        return told(id, STATE);
    }

    private List<Effect> told(long id, VersionSet state) {
        return handle(new Event.Received(PEER, new Message.ReplicaPut(id, KEY, state, null)));
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

    private static long persistOf(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Persist.class::isInstance)
                .mapToLong(e -> ((Effect.Persist) e).token())
                .findFirst()
                .orElseThrow();
    }

    private static List<ReplicaStatus> repliesOf(List<Effect> effects) {
        List<ReplicaStatus> statuses = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send(NodeId to, Message.ReplicaPutReply reply)) {
                statuses.add(reply.status());
            }
        }
        return statuses;
    }

    private DataPlane plane() {
        Ring ring = Claim.claim(8, 2, List.of(new RingMember(SELF, "a", 100), new RingMember(PEER, "b", 100)));
        SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
        ring.members().keySet().forEach(id -> liveness.put(id, Liveness.UP));
        View view = new View(ring, liveness);
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
