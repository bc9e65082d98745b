package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.SortedMap;

/**
 * Carries messages to and from the other nodes: serves this node's event-bus bridge and keeps one connection to each peer's.
 *
 * <p>At most once: a message may be lost with its connection, and its sender is not told; it is never delivered twice. Messages to one peer arrive in
 * the order of their sending as long as the connection lasts.
 */
public final class PeerTransport implements AutoCloseable {

    /** Takes what arrives. Called on a Vert.x event loop: must not block, must not throw. */
    public interface Receiver {
        void received(NodeId from, Message message);
    }

    /** Told of a message that was surely not sent: no connection, queue full, or too long. On the sender's thread or an event loop; must not block. */
    public interface Undelivered {
        void undeliverable(NodeId to, Message message);
    }

    private PeerTransport() {}

    /** Listens. Fails with a message that names the address if it can't: port in use, host not of this machine. */
    public static Future<PeerTransport> open(
            Vertx vertx, TransportSettings settings, Receiver receiver, Undelivered undelivered) {
        throw new IllegalStateException("not yet: " + vertx + settings + receiver + undelivered);
    }

    /** The port listened on. */
    public int port() {
        throw new IllegalStateException("not yet");
    }

    /** These are the peers now: connects to new ones and again after a failure; closes the connections of those that are gone or have moved. */
    public void peers(SortedMap<NodeId, HostAndPort> peers) {
        throw new IllegalStateException("not yet: " + peers);
    }

    /** Queues a message. Any thread; never blocks. */
    public void send(NodeId to, Message message) {
        throw new IllegalStateException("not yet: " + to + message);
    }

    public TransportStatus status() {
        throw new IllegalStateException("not yet");
    }

    /** Stops listening and closes every connection; what is queued is undeliverable. Done when the port is free. */
    public Future<Void> stop() {
        throw new IllegalStateException("not yet");
    }

    /** {@link #stop}, and off event loops waits for it for up to 5 s. */
    @Override
    public void close() {
        throw new IllegalStateException("not yet");
    }
}
