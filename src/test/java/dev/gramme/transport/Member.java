package dev.gramme.transport;

import dev.gramme.membership.Timings;
import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.ControlPlane;
import dev.gramme.node.ControlSettings;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.ring.Claim;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.version.Bytes;
import dev.gramme.version.Now;
import dev.gramme.wire.Message;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A control plane with a bridge of its own and no data: what two processes say to each other before and after they know each other. */
final class Member implements AutoCloseable {
    static final int PARTITIONS = 8;
    static final int REPLICAS = 3;
    static final int TICK_MILLIS = 20;

    /** What may differ between nodes that meet by mistake. */
    record Origin(String cluster, int partitions, Bytes key) {
        static final Origin OURS = new Origin("ours", PARTITIONS, Node.CLUSTER_KEY);
    }

    final NodeId id;
    final PeerTransport transport;
    final List<ClusterAnswer> answers = new CopyOnWriteArrayList<>();
    volatile String stopped = "";
    /** Of the others, as they say themselves. */
    volatile SortedMap<NodeId, Integer> formats = new TreeMap<>();

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final ControlPlane plane;
    private volatile @Nullable ClusterSnapshot snapshot;

    private Member(String name, Origin origin, boolean founds) {
        id = new NodeId(name);
        transport = Node.join(PeerTransport.open(
                vertx,
                TransportSettings.of(id, new HostAndPort("127.0.0.1", 0), origin.key())
                        .withBounds(Node.QUICK),
                (from, message) -> happens(new Event.Received(from, message)),
                this::undeliverable));
        Ring initial = founds ? Claim.first(origin.partitions(), REPLICAS, List.of(new RingMember(id, "", 100))) : null;
        plane = new ControlPlane(
                new ControlSettings(
                        id,
                        name.hashCode() * 31L + transport.port(),
                        origin.cluster(),
                        origin.partitions(),
                        REPLICAS,
                        "",
                        100,
                        address().toString(),
                        "127.0.0.1:8080",
                        "test",
                        1,
                        Timings.CONNECTED,
                        initial,
                        new TreeMap<>()),
                new TreeMap<>(),
                null);
        loop.scheduleWithFixedDelay(() -> handle(new Event.Tick()), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A cluster of one, which others may join. */
    static Member founds(String name) {
        return new Member(name, Origin.OURS, true);
    }

    static Member seeks(String name, Origin origin, HostAndPort... seeds) {
        Member member = new Member(name, origin, false);
        List<String> addresses =
                List.of(seeds).stream().map(HostAndPort::toString).toList();
        member.happens(new Event.SeedsResolved(addresses));
        return member;
    }

    HostAndPort address() {
        return new HostAndPort("127.0.0.1", transport.port());
    }

    void happens(Event event) {
        try {
            loop.execute(() -> handle(event));
        } catch (RejectedExecutionException closing) {
            // What comes after the end is nobody's.
        }
    }

    /** Of the last tick; of none if there was none yet. */
    List<ClusterSnapshot.MemberState> members() {
        ClusterSnapshot last = snapshot;
        return last == null ? List.of() : last.members();
    }

    boolean sees(Member other) {
        return members().stream()
                .anyMatch(state -> state.id().equals(other.id) && state.liveness() == Liveness.State.UP);
    }

    long ringHash() {
        ClusterSnapshot last = snapshot;
        return last == null ? 0 : last.ring().hash();
    }

    /** All that an operator of this node would be shown, and why it stopped. */
    String complaints() {
        ClusterSnapshot last = snapshot;
        return stopped
                + (last == null ? "" : last.problems())
                + transport.status().lastContactErrors();
    }

    private void undeliverable(NodeId to, Message message) {
        if (message instanceof Message.Control) {
            happens(new Event.Undeliverable(to, message));
        }
    }

    private void handle(Event event) {
        Now now = new Now(System.nanoTime(), System.currentTimeMillis());
        plane.handle(event, now).forEach(this::carryOut);
        snapshot = plane.snapshot(now);
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send send -> transport.send(send.to(), send.message());
            case Effect.Contact contact -> transport.contact(HostAndPort.parse(contact.address()), contact.message());
            case Effect.PublishPeers published -> {
                SortedMap<NodeId, HostAndPort> peers = new TreeMap<>();
                published.bridges().forEach((peer, bridge) -> peers.put(peer, HostAndPort.parse(bridge)));
                transport.peers(peers);
                published.formats().forEach(transport::peerFormat);
                formats = published.formats();
            }
            case Effect.KeepTopology keep -> happens(new Event.TopologyKept(keep.sequence(), ""));
            case Effect.PublishView published ->
                happens(new Event.LoopCaughtUp(0, published.view().topology().epoch()));
            case Effect.Stop stop -> stopped = stop.reason();
            case Effect.Administered done -> answers.add(done.answer());
            case Effect.PublishBuckets ignored -> {}
            case Effect.BucketSet ignored -> {}
            case Effect.Observed ignored -> {}
            case Effect.OfData e -> throw new IllegalStateException("an effect of a data plane: " + e);
        }
    }

    @Override
    public void close() {
        loop.shutdownNow();
        transport.close();
        Node.join(vertx.close());
    }
}
