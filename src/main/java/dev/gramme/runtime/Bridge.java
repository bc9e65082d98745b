package dev.gramme.runtime;

import dev.gramme.node.Effect;
import dev.gramme.ring.NodeId;
import dev.gramme.transport.HostAndPort;
import dev.gramme.transport.PeerTransport;
import dev.gramme.transport.TransportSettings;
import dev.gramme.transport.TransportStatus;
import dev.gramme.wire.Message;
import io.vertx.core.Vertx;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The bridge to the other nodes, from its opening on. */
final class Bridge implements AutoCloseable {
    private static final long OPEN_TIMEOUT_SECONDS = 30;

    private static final Logger LOG = Logger.getLogger("gramme");

    private final PeerTransport transport;

    private Bridge(PeerTransport transport) {
        this.transport = transport;
    }

    /** @throws StartRefusedException if its port is taken */
    static Bridge open(NodePlan plan, Vertx vertx, Routes routes) {
        TransportSettings settings = TransportSettings.of(plan.self(), plan.bind(), plan.clusterKey());
        try {
            return new Bridge(PeerTransport.open(vertx, settings, routes::received, routes::undeliverable)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefusedException("interrupted while opening the bridge", e);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartRefusedException(
                    cause.getMessage() + ". Choose another with --bridge, or stop what holds it", e);
        }
    }

    void send(NodeId to, Message message) {
        transport.send(to, message);
    }

    void contact(String address, Message message) {
        HostAndPort parsed = parse(address);
        if (parsed != null) {
            transport.contact(parsed, message);
        }
    }

    void peers(Effect.PublishPeers published) {
        SortedMap<NodeId, HostAndPort> peers = new TreeMap<>();
        published.bridges().forEach((id, bridge) -> {
            HostAndPort parsed = parse(bridge);
            if (parsed != null) {
                peers.put(id, parsed);
            }
        });
        transport.peers(peers);
        published.formats().forEach(transport::peerFormat);
    }

    /** What others say of themselves may be no address: then they can't be reached, and that is all. */
    private static @Nullable HostAndPort parse(String address) {
        try {
            return HostAndPort.parse(address);
        } catch (IllegalArgumentException e) {
            LOG.debugf(e, "not an address of a bridge: '%s'", address);
            return null;
        }
    }

    TransportStatus status() {
        return transport.status();
    }

    @Override
    public void close() {
        transport.close();
    }
}
