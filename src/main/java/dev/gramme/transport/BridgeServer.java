package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.bridge.BridgeEventType;
import io.vertx.ext.bridge.BridgeOptions;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.eventbus.bridge.tcp.BridgeEvent;
import io.vertx.ext.eventbus.bridge.tcp.TcpEventBusBridge;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This node's event-bus bridge: one address permitted inwards, none outwards. A frame passes the {@linkplain InboundConnection guard}, is parsed by the
 * bridge, opened and checked in the bridge's hook (where its connection is at hand to be cut), and crosses the local event bus to the consumer, all
 * on one event loop.
 */
final class BridgeServer {
    private static final Logger LOG = Logger.getLogger(BridgeServer.class);
    /** A peer pings its connection all the time: one that is silent for so many times the client's own limit belongs to nobody. */
    private static final int SILENCES = 3;

    /** Who is refused is told why, so that the side that can act knows; beyond so many, connections are cut without a word. */
    private static final int MAX_REFUSALS_TOLD_PER_SECOND = 100;

    final LongAdder receivedFrames = new LongAdder();
    final LongAdder refusedFrames = new LongAdder();
    final LongAdder refusedConnections = new LongAdder();
    final AtomicInteger connectionCount = new AtomicInteger();

    private final VertxInternal vertx;
    private final TransportSettings settings;
    private final BatchFormat format;
    private final Consumer<Batch> receiver;
    private final RareLog rareLog = new RareLog(LOG, System::nanoTime);
    private final Allowance answers = new Allowance(MAX_REFUSALS_TOLD_PER_SECOND, System::nanoTime);
    private final Map<NetSocket, InboundConnection> connections = new IdentityHashMap<>();
    private final TcpEventBusBridge bridge;
    private final NetServer server;
    private @Nullable MessageConsumer<Batch> consumer;

    /** On the event loop on which everything is to run. */
    BridgeServer(VertxInternal vertx, TransportSettings settings, Consumer<Batch> receiver) {
        this.vertx = vertx;
        this.settings = settings;
        this.receiver = receiver;
        this.format = new BatchFormat(settings.self(), settings.clusterKey());
        BridgeOptions permitted =
                new BridgeOptions().addInboundPermitted(new PermittedOptions().setAddress(BridgeFrames.ADDRESS));
        NetServerOptions options = new NetServerOptions(settings.server())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setReadIdleTimeout(SILENCES * settings.bounds().silentMillis());
        ServerWitness witness = new ServerWitness(vertx);
        this.bridge = TcpEventBusBridge.create(witness, permitted, options, this::frame);
        this.server = witness.server();
        Handler<NetSocket> bridgeHandler = server.connectHandler();
        server.connectHandler(socket -> accept(socket, bridgeHandler));
    }

    Future<Integer> listen() {
        try {
            vertx.eventBus().registerDefaultCodec(Batch.class, new BatchPassage());
        } catch (IllegalStateException e) {
            return Future.failedFuture(
                    new IllegalStateException("this Vert.x instance carries a transport already", e));
        }
        consumer = vertx.eventBus().consumer(BridgeFrames.ADDRESS, message -> receiver.accept(message.body()));
        return bridge.listen(settings.listen().port(), settings.listen().host())
                .map(listening -> server.actualPort())
                .onFailure(failure -> leaveEventBus());
    }

    Future<Void> close() {
        leaveEventBus();
        return bridge.close();
    }

    /**
     * Sends a message back by every connection on which {@code to} spoke last: to all processes that say they are it. On the loop.
     *
     * @return whether there was any
     */
    boolean answer(NodeId to, Message message) {
        Buffer frame = BridgeFrames.message(format.write(to, List.of(MessageCodec.encode(message))));
        boolean answered = false;
        for (InboundConnection connection : connections.values()) {
            answered |= connection.isSpokenBy(to) && connection.answer(frame);
        }
        return answered;
    }

    private void leaveEventBus() {
        if (consumer != null) {
            consumer.unregister();
            consumer = null;
            vertx.eventBus().unregisterDefaultCodec(Batch.class);
        }
    }

    private void accept(NetSocket socket, Handler<NetSocket> bridgeHandler) {
        if (connections.size() >= settings.bounds().maxInboundConnections()) {
            refusedConnections.increment();
            rareLog.warn("refused a connection from " + socket.remoteAddress() + ": there are " + connections.size()
                    + " already, which is the bound");
            socket.close();
            return;
        }
        InboundConnection connection =
                new InboundConnection(socket, settings.bounds().maxFrameBytes(), why -> {
                    refusedFrames.increment();
                    rareLog.warn("cut the connection from " + socket.remoteAddress() + ": it sent " + why);
                    return answers.take();
                });
        connection.guard();
        connections.put(socket, connection);
        connectionCount.incrementAndGet();
        socket.closeHandler(closed -> {
            connections.remove(socket);
            connectionCount.decrementAndGet();
        });
        bridgeHandler.handle(socket);
    }

    /** The bridge's hook: every frame that it parsed, before it acts on it. */
    private void frame(BridgeEvent event) {
        InboundConnection connection = connections.get(event.socket());
        if (connection == null || connection.refused()) {
            return;
        }
        connection.parsed();
        String fault = faultIn(event, connection);
        if (fault == null) {
            event.complete(true);
        } else {
            connection.refuse(fault);
        }
    }

    /** A frame for our address has its body replaced by the batch in it. Whatever else is asked of the bridge, its permissions deny. */
    private @Nullable String faultIn(BridgeEvent event, InboundConnection connection) {
        JsonObject frame = event.getRawMessage();
        if (frame.containsKey("headers") || frame.containsKey("replyAddress")) {
            return "a frame with headers or a reply address, which Gramme's nodes do not use";
        }
        if (!BridgeFrames.ADDRESS.equals(frame.getValue("address"))) {
            return null;
        }
        if (event.type() != BridgeEventType.SEND || !(frame.getValue("body") instanceof String body)) {
            return "a frame that sends no text to " + BridgeFrames.ADDRESS;
        }
        try {
            Batch batch = format.read(body);
            frame.put("body", batch);
            receivedFrames.increment();
            connection.spokenBy(batch.from());
            if (!batch.skipped().isEmpty()) {
                connection.tell(settings.self() + " skipped " + batch.skipped().size() + " of " + batch.size()
                        + " messages in a frame, first "
                        + batch.skipped().getFirst().why());
            }
            return null;
        } catch (MalformedException e) {
            return e.getMessage();
        }
    }

    /** Keeps the server that the bridge makes for itself and shows to nobody: its port is asked for, and its connections are guarded. */
    private static final class ServerWitness extends VertxWrapper {
        private @Nullable NetServer server;

        ServerWitness(VertxInternal vertx) {
            super(vertx);
        }

        @Override
        public NetServer createNetServer(NetServerOptions options) {
            NetServer made = super.createNetServer(options);
            server = made;
            return made;
        }

        NetServer server() {
            if (server == null) {
                throw new IllegalStateException(
                        "the bridge made no server when it was created, as it does in Vert.x 4.5");
            }
            return server;
        }
    }
}
