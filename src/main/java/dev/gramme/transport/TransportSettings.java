package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;

/**
 * What a transport is opened with.
 *
 * @param self this node
 * @param listen where its bridge listens; port 0: the system chooses
 * @param clusterKey the secret all nodes share: what is not sealed with it is refused. Not empty
 * @param server for the bridge's sockets (TLS, say); bounds and address are set over it
 * @param client for the connections to peers
 */
public record TransportSettings(
        NodeId self,
        HostAndPort listen,
        Bytes clusterKey,
        TransportBounds bounds,
        NetServerOptions server,
        NetClientOptions client) {
    public TransportSettings {
        if (clusterKey.isEmpty()) {
            throw new IllegalArgumentException("a transport needs a cluster key");
        }
    }

    /** Default bounds, plain TCP. */
    public static TransportSettings of(NodeId self, HostAndPort listen, Bytes clusterKey) {
        return new TransportSettings(
                self, listen, clusterKey, TransportBounds.DEFAULT, new NetServerOptions(), new NetClientOptions());
    }

    public TransportSettings withBounds(TransportBounds other) {
        return new TransportSettings(self, listen, clusterKey, other, server, client);
    }
}
