package dev.gramme.transport;

import com.sun.management.OperatingSystemMXBean;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures requests and replies of 1 KiB between two transports in this process, each with a thread of its own that handles what it receives, as
 * a node's serial loops do. Arguments: requests in flight, batch bytes, seconds. Prints a line a second.
 */
final class RoundTrips {
    private static final NodeId ASKER = new NodeId("asker");
    private static final NodeId ANSWERER = new NodeId("answerer");
    private static final int VALUE_BYTES = 1_024;

    private final LongAdder done = new LongAdder();
    private final ExecutorService askerLoop = Executors.newSingleThreadExecutor();
    private final ExecutorService answererLoop = Executors.newSingleThreadExecutor();
    private final PeerTransport asker;
    private final PeerTransport answerer;
    private final Message message;

    private RoundTrips(int batchBytes) {
        byte[] value = new byte[VALUE_BYTES];
        new Random(1).nextBytes(value);
        message = Node.carrying(1, value);
        asker = open(
                ASKER,
                batchBytes,
                (from, reply) -> askerLoop.execute(() -> {
                    done.increment();
                    ask();
                }));
        answerer = open(ANSWERER, batchBytes, (from, request) -> answererLoop.execute(() -> answer(from, request)));
        connect(asker, ANSWERER, answerer.port());
        connect(answerer, ASKER, asker.port());
    }

    public static void main(String[] arguments) {
        int inFlight = Integer.parseInt(arguments[0]);
        RoundTrips trips = new RoundTrips(Integer.parseInt(arguments[1]));
        for (int i = 0; i < inFlight; i++) {
            trips.ask();
        }
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            trips.measure();
        }
        trips.askerLoop.shutdownNow();
        trips.answererLoop.shutdownNow();
        System.exit(0);
    }

    private void ask() {
        asker.send(ANSWERER, message);
    }

    private void answer(NodeId from, Message request) {
        answerer.send(from, request);
    }

    private void measure() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long trips = done.sum();
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        PeerStatus before = asker.status().peers().get(ANSWERER);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        PeerStatus after = asker.status().peers().get(ANSWERER);
        long did = Math.max(1, done.sum() - trips);
        System.out.printf(
                "%,d round trips/s, %.1f CPU us each (both ends), %.1f messages a frame%n",
                TimeUnit.SECONDS.toNanos(did) / (System.nanoTime() - start),
                (system.getProcessCpuTime() - cpu) / 1e3 / did,
                (double) (after.sentMessages() - before.sentMessages())
                        / Math.max(1, after.sentFrames() - before.sentFrames()));
    }

    private static PeerTransport open(NodeId self, int batchBytes, PeerTransport.Receiver receiver) {
        TransportBounds bounds = new TransportBounds(
                TransportBounds.LARGEST_FRAME_BYTES,
                batchBytes,
                16 << 20,
                1 << 20,
                8,
                8,
                10_000,
                64,
                2_000,
                1_000,
                5_000,
                50,
                2_000);
        return Node.join(PeerTransport.open(
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)),
                TransportSettings.of(self, new HostAndPort("127.0.0.1", 0), Node.CLUSTER_KEY)
                        .withBounds(bounds),
                receiver,
                (to, lost) -> System.err.println("not sent to " + to)));
    }

    private static void connect(PeerTransport from, NodeId to, int port) {
        TreeMap<NodeId, HostAndPort> peers = new TreeMap<>();
        peers.put(to, new HostAndPort("127.0.0.1", port));
        from.peers(peers);
        Node.soon().until(() -> from.status().peers().get(to).connected());
    }
}
