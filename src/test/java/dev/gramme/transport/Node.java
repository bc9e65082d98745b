package dev.gramme.transport;

import static org.awaitility.Awaitility.await;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;

/** A transport with a Vert.x of its own, as in a process of its own, that keeps what it receives and what comes back. */
final class Node implements AutoCloseable {
    static final Bytes CLUSTER_KEY = Bytes.utf8("a secret that all nodes of the test share");
    static final TransportBounds QUICK =
            new TransportBounds(4 << 20, 256 << 10, 8 << 20, 1 << 20, 8, 3, 100, 64, 500, 50, 400, 5, 50);

    final NodeId id;
    final List<Message> received = new CopyOnWriteArrayList<>();
    final List<Message> undelivered = new CopyOnWriteArrayList<>();
    final PeerTransport transport;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    private Node(TransportSettings settings) {
        id = settings.self();
        transport = join(PeerTransport.open(
                vertx, settings, (from, message) -> received.add(message), (to, message) -> undelivered.add(message)));
    }

    static Node open(String name) {
        return open(name, 0, QUICK);
    }

    static Node open(String name, int port, TransportBounds bounds) {
        return new Node(settings(name, port).withBounds(bounds));
    }

    static TransportSettings settings(String name, int port) {
        return TransportSettings.of(new NodeId(name), new HostAndPort("127.0.0.1", port), CLUSTER_KEY)
                .withBounds(QUICK);
    }

    int port() {
        return transport.port();
    }

    void knows(Node other) {
        knows(other.id, other.port());
    }

    void knows(NodeId other, int port) {
        SortedMap<NodeId, HostAndPort> peers = new TreeMap<>();
        peers.put(other, new HostAndPort("127.0.0.1", port));
        transport.peers(peers);
    }

    /** Knows and has a connection. */
    void reaches(Node other) {
        knows(other);
        soon().until(() -> to(other.id).connected());
    }

    PeerStatus to(NodeId other) {
        return transport.status().peers().get(other);
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(2));
    }

    /** Some message that carries {@code value}. */
    static Message carrying(long id, byte[] value) {
        Dot dot = new Dot(7, id + 1);
        Version version = new Version(dot, 1, Content.value(Bytes.of(value), "application/octet-stream"));
        return new Message.ReplicaPut(
                id, Key.of("bucket", "key"), new VersionSet(CausalContext.of(dot), List.of(version)), null);
    }

    static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        transport.close();
        join(vertx.close());
    }
}
