package dev.gramme.node;

import static dev.gramme.node.MiniCluster.options;
import static dev.gramme.node.MiniCluster.texts;
import static dev.gramme.node.MiniCluster.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.antientropy.CollectionBounds;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.wire.Message;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import org.junit.jupiter.api.Test;

/** n4 comes into the ring of n1, n2, n3, and takes no write before the owners have told it which deletes were forgotten. */
class PutsToNewcomersTest {
    private static final int TIMEOUT_MILLIS = 2_000;

    private final ChangingCluster four = ChangingCluster.of(
            4, 3, NodeSettings.defaults(new NodeId("n"), 1).withCollections(new CollectionBounds(20_000, 50, 5)));
    private final MiniCluster nodes = four.nodes;
    private final NodeId newcomer = four.id(4);

    /** It comes to own the key, and what the owners tell it is lost. */
    private Key untold() {
        nodes.lost = flight -> flight.message() instanceof Message.CollectionKeys;
        four.propose(nodes.ids);
        four.all(null, false);
        return four.moving(newcomer, null);
    }

    private long putAtAll(Key key, boolean strict) {
        int partition = four.settled.partitionOf(key);
        NodeId stayer = four.settled.owners(partition).stream()
                .filter(owner -> four.target().owns(owner, partition))
                .findFirst()
                .orElseThrow();
        PutCommand command = nodes.command(key, CausalContext.EMPTY, "v");
        return nodes.send(stayer, with(command, options(0, 3, strict, TIMEOUT_MILLIS)));
    }

    @Test
    void a_put_that_needs_the_newcomer_asks_it_again_until_it_knows() {
        Key key = untold();
        long sloppy = putAtAll(key, false);
        long strict = putAtAll(key, true);
        nodes.pass(60);
        assertNull(nodes.puts.get(sloppy));
        assertNull(nodes.puts.get(strict));

        nodes.lost = flight -> false;
        nodes.pass(340);

        assertInstanceOf(PutOutcome.Written.class, nodes.puts.get(sloppy));
        assertInstanceOf(PutOutcome.Written.class, nodes.puts.get(strict));
        assertEquals(2, texts(nodes.held(newcomer, key)).size());
        assertTrue(nodes.count(Probe.PUT_ASKED_AGAIN) > 1);
    }

    @Test
    void it_waits_no_longer_than_for_a_silent_replica() {
        Key key = untold();
        long request = putAtAll(key, false);
        nodes.pass(500);

        PutOutcome.Indeterminate outcome = assertInstanceOf(PutOutcome.Indeterminate.class, nodes.puts.get(request));
        assertEquals(2, outcome.acks());
    }

    @Test
    void a_put_that_does_not_need_the_newcomer_does_not_wait_for_it_and_it_is_told_later() {
        Key key = untold();
        int partition = four.settled.partitionOf(key);
        PutCommand command = nodes.command(key, CausalContext.EMPTY, "v");
        long request = nodes.send(four.settled.owners(partition).get(0), command);
        assertInstanceOf(PutOutcome.Written.class, nodes.puts.get(request));
        nodes.pass(500);
        assertEquals(0, nodes.count(Probe.PUT_ASKED_AGAIN));
        assertTrue(nodes.hints() > 0);

        nodes.lost = flight -> false;
        nodes.pass(5_000);

        assertEquals(0, nodes.hints());
        assertEquals(1, texts(nodes.held(newcomer, key)).size());
    }
}
