package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.BindException;
import java.util.SortedMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages to and from the other nodes: serves this node's event-bus bridge and keeps one connection to each peer's.
 *
 * <p>At most once: a message may be lost with its connection, and its sender is not told; it is never delivered twice. Messages of
 * one {@link Lane} to one peer arrive in the order of their sending as long as the connection lasts.
 */
public final class PeerTransport implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PeerTransport.class);
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    /**
     * Takes what arrives. {@code from} is this node itself if it contacted its own address, or if another process has its id. Called on a Vert.x event loop:
     * must not block, must not throw.
     */
    public interface Receiver {
        void received(NodeId from, Message message);
    }

    /** Told of a message that was surely not sent: no connection, queue full, or too long. On the sender's thread or an event loop; must not block. */
    public interface Undelivered {
        void undeliverable(NodeId to, Message message);
    }

    private final TransportSettings settings;
    private final Arrivals arrivals;
    private final Undelivered undelivered;
    private final Context loop;
    private final Peer.Surroundings surroundings;
    private final Peers peers;
    private final Contacts contacts;
    private volatile int port;
    private @Nullable BridgeServer server;
    private @Nullable Future<Void> stopped;

    private PeerTransport(VertxInternal vertx, TransportSettings settings, Receiver receiver, Undelivered undelivered) {
        this.settings = settings;
        this.arrivals = new Arrivals(receiver);
        this.undelivered = undelivered;
        this.loop = vertx.createEventLoopContext();
        NetClient client = vertx.createNetClient(new NetClientOptions(settings.client())
                .setConnectTimeout(settings.bounds().connectTimeoutMillis())
                .setReconnectAttempts(0));
        BatchFormat format = new BatchFormat(settings.self(), settings.clusterKey());
        this.surroundings = new Peer.Surroundings(
                vertx,
                loop,
                client,
                new Dialer(client, settings.bounds().maxConnecting()),
                settings,
                format,
                undelivered,
                body -> arrivals.answered(body, format));
        this.peers = new Peers(surroundings);
        this.contacts = new Contacts(surroundings);
    }

    /**
     * Listens. Fails with a message that names the address if it can't: port in use, host not of this machine.
     *
     * <p>One transport to a Vert.x instance: its event bus has one consumer at {@code gramme.node}.
     */
    public static Future<PeerTransport> open(
            Vertx vertx, TransportSettings settings, Receiver receiver, Undelivered undelivered) {
        PeerTransport transport = new PeerTransport((VertxInternal) vertx, settings, receiver, undelivered);
        return transport.listen((VertxInternal) vertx);
    }

    /** The port listened on. */
    public int port() {
        return port;
    }

    /**
     * These are the peers now: connects to new ones, and again whenever a connection ends; closes the connections of those that are gone or have
     * moved. This node itself is left out.
     */
    public void peers(SortedMap<NodeId, HostAndPort> wanted) {
        peers.name(wanted);
    }

    /**
     * This is the newest format of messages that {@code id} understands, as its member record says. Until it is known, and again when it is no peer any more, it
     * is taken to understand the oldest. A message that takes a newer one is undeliverable at once.
     */
    public void peerFormat(NodeId id, int newest) {
        peers.format(id, newest);
    }

    /** Queues a message. Any thread; never blocks. */
    public void send(NodeId to, Message message) {
        if (message instanceof Message.Refusal refusal) {
            loop.runOnContext(ignored -> refuse(to, refusal));
        } else if (!peers.send(to, message)) {
            undelivered.undeliverable(to, message);
        }
    }

    /**
     * Sends a message between members to whoever listens at {@code address}: a seed whose id is not known. It may be lost; why the last one did not get
     * through is in {@link TransportStatus#contacts()} for a while. Any thread; never blocks.
     *
     * @throws IllegalArgumentException if the message is no {@link Message.Control}: a receiver takes no other from who does not know it
     */
    public void contact(HostAndPort address, Message message) {
        if (!(message instanceof Message.Control control)) {
            throw new IllegalArgumentException("a " + message.getClass().getSimpleName() + " for whoever listens at "
                    + address + ": only messages between members may be");
        }
        loop.runOnContext(ignored -> contacts.send(address, control));
    }

    public TransportStatus status() {
        BridgeServer serving = serving();
        return new TransportStatus(
                peers.status(),
                peers.counts(),
                contacts.status(),
                serving.connectionCount.get(),
                serving.receivedFrames.sum(),
                arrivals.receivedMessages.sum(),
                arrivals.receivedBytes.sum(),
                arrivals.unsupportedMessages.sum(),
                arrivals.malformedMessages.sum(),
                serving.refusedFrames.sum(),
                serving.refusedConnections.sum());
    }

    /** Stops listening and closes every connection; what is queued is undeliverable. Done when the port is free. */
    public synchronized Future<Void> stop() {
        if (stopped == null) {
            peers.close();
            Promise<Void> done = Promise.promise();
            stopped = done.future();
            loop.runOnContext(ignored -> {
                contacts.close();
                Future.join(surroundings.client().close(), serving().close())
                        .<Void>mapEmpty()
                        .onComplete(done);
            });
        }
        return stopped;
    }

    /** {@link #stop}, and off event loops waits for it for up to 5 s. */
    @Override
    public void close() {
        Future<Void> stopping = stop();
        if (!Context.isOnEventLoopThread()) {
            try {
                stopping.toCompletionStage()
                        .toCompletableFuture()
                        .orTimeout(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                        .join();
            } catch (CompletionException e) {
                LOG.warnf(e.getCause(), "the transport on port %d did not close cleanly", port);
            }
        }
    }

    private Future<PeerTransport> listen(VertxInternal vertx) {
        Promise<PeerTransport> listening = Promise.promise();
        loop.runOnContext(ignored -> {
            BridgeServer made = new BridgeServer(vertx, settings, this::received);
            server = made;
            made.listen()
                    .map(actual -> {
                        port = actual;
                        return this;
                    })
                    .recover(failure ->
                            surroundings.client().close().compose(closed -> Future.failedFuture(explained(failure))))
                    .onComplete(listening);
        });
        return listening.future();
    }

    private IllegalStateException explained(Throwable failure) {
        String why = failure instanceof BindException
                        && String.valueOf(failure.getMessage()).contains("in use")
                ? "the port is in use by another program"
                : String.valueOf(failure.getMessage());
        return new IllegalStateException(
                settings.self() + " can't listen for its peers on " + settings.listen() + ": " + why, failure);
    }

    private void received(Batch batch) {
        Peer sender = peers.get(batch.from());
        if (sender != null) {
            sender.heard();
        }
        arrivals.received(batch, sender);
    }

    /** Who is refused is often no peer, or not the process that we take for the peer of that id: its own connections lead to it. */
    private void refuse(NodeId to, Message.Refusal refusal) {
        boolean told = serving().answer(to, refusal);
        if (!peers.send(to, refusal) && !told) {
            undelivered.undeliverable(to, refusal);
        }
    }

    private BridgeServer serving() {
        if (server == null) {
            throw new IllegalStateException("not listening yet");
        }
        return server;
    }
}
