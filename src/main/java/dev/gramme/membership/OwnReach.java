package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What this node itself has seen of each of the others, and whom it is in doubt about; never gossiped. */
final class OwnReach {
    private final SortedMap<NodeId, Peer> peers = new TreeMap<>();
    /** Does not grow with the cluster while it is well. */
    private final SortedSet<NodeId> doubtful = new TreeSet<>();

    /** One that never was heard is as if never heard. */
    Peer peer(NodeId id) {
        return peers.computeIfAbsent(id, unheard -> new Peer());
    }

    /** Who has not answered us the last time. */
    SortedSet<NodeId> doubtful() {
        return doubtful;
    }

    /** It is new, or somewhere else than before. */
    void connects(NodeId id, long nowNanos) {
        peer(id).connects(nowNanos);
        doubtful.remove(id);
    }

    /** It has answered us. */
    void reached(NodeId id) {
        peer(id).reached();
        doubtful.remove(id);
    }

    /** It has not answered us (yet). */
    void missed(NodeId id) {
        peer(id).missed();
        doubtful.add(id);
    }

    /** Nothing can be sent to it. */
    void unreached(NodeId id) {
        peer(id).unreached();
        doubtful.add(id);
    }

    /** We were not listening for {@code nanos}. */
    void forgive(long nanos) {
        peers.values().forEach(peer -> peer.forgive(nanos));
    }

    void forget(NodeId id) {
        doubtful.remove(id);
        peers.remove(id);
    }
}
