package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Who the other nodes are now, and where. Names may change all the time: a peer that stays keeps its connection. Any thread. */
final class Peers {
    private final Peer.Surroundings around;
    private final ConcurrentMap<NodeId, Integer> formats = new ConcurrentHashMap<>();
    private final List<Peer> leaving = new ArrayList<>();
    private volatile SortedMap<NodeId, Peer> named = new TreeMap<>();
    private PeerCounts former = PeerCounts.NONE;
    private boolean closed;

    Peers(Peer.Surroundings around) {
        this.around = around;
    }

    /** These from now on, this node left out; those that are new are connected to, those that are gone or have moved are closed. */
    synchronized void name(SortedMap<NodeId, HostAndPort> wanted) {
        if (closed) {
            return;
        }
        SortedMap<NodeId, Peer> before = named;
        SortedMap<NodeId, Peer> next = new TreeMap<>();
        wanted.forEach((id, address) -> {
            Peer known = before.get(id);
            if (!id.equals(around.settings().self())) {
                next.put(id, known != null && known.address().equals(address) ? known : new Peer(id, address, around));
            }
        });
        replace(next);
        next.forEach((id, peer) -> {
            if (before.get(id) != peer) {
                around.loop().runOnContext(ignored -> peer.connect());
            }
        });
    }

    /** Nobody any more. */
    synchronized void close() {
        closed = true;
        replace(new TreeMap<>());
    }

    private void replace(SortedMap<NodeId, Peer> next) {
        SortedMap<NodeId, Peer> before = named;
        named = next;
        before.forEach((id, peer) -> {
            if (next.get(id) != peer) {
                leaving.add(peer);
                around.loop().runOnContext(ignored -> leave(peer));
            }
            if (!next.containsKey(id)) {
                formats.remove(id);
            }
        });
    }

    private void leave(Peer peer) {
        peer.close();
        synchronized (this) {
            leaving.remove(peer);
            former = former.plus(peer.status());
        }
    }

    /** See {@link PeerTransport#peerFormat}. */
    void format(NodeId id, int newest) {
        formats.put(id, newest);
    }

    @Nullable
    Peer get(NodeId id) {
        return named.get(id);
    }

    /** @return false if there is no such peer */
    boolean send(NodeId to, Message message) {
        Peer peer = named.get(to);
        if (peer != null) {
            peer.send(message, formats.getOrDefault(to, MessageCodec.OLDEST_FORMAT));
        }
        return peer != null;
    }

    SortedMap<NodeId, PeerStatus> status() {
        SortedMap<NodeId, PeerStatus> each = new TreeMap<>();
        named.forEach((id, peer) -> each.put(id, peer.status()));
        return each;
    }

    synchronized PeerCounts counts() {
        PeerCounts counts = former;
        for (Peer peer : leaving) {
            counts = counts.plus(peer.status());
        }
        for (Peer peer : named.values()) {
            counts = counts.plus(peer.status());
        }
        return counts;
    }
}
