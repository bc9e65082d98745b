package dev.gramme.node;

import dev.gramme.membership.Timings;
import dev.gramme.ring.Claim;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.version.Now;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Control planes under simulated time: messages take 1 to 20 ms and may be overtaken, links can be cut in one direction, processes be killed, paused,
 * restarted, moved, or started twice under one id. A message goes to whatever process is at the address that its sender has for the member; a refusal also
 * to the process it answers.
 */
final class ControlCluster {
    static final Timings TIMINGS = Timings.CONNECTED;
    private static final long TICK_MILLIS = 10;

    /**
     * What a test may vary of one process.
     *
     * @param listed whether it is given the list of all members, and so the initial ring
     */
    record Setup(String cluster, int partitions, int replicas, int weightOfFirst, boolean listed) {
        static final Setup USUAL = new Setup("test", 32, 3, 100, true);
        static final Setup UNLISTED = new Setup("test", 32, 3, 100, false);
    }

    final class Process {
        final NodeId id;
        final long instance;
        final String address;
        final ControlPlane plane;
        final Deque<Event> inbox = new ArrayDeque<>();
        final List<String> stops = new ArrayList<>();
        final List<Effect> effects = new ArrayList<>();
        SortedMap<String, BucketProperties> published = new TreeMap<>();
        SortedMap<NodeId, String> peers = new TreeMap<>();
        boolean paused;
        boolean dead;

        private Process(NodeId id, String address, Setup setup, @Nullable KeptTopology kept) {
            this.id = id;
            this.address = address;
            instance = random.nextLong();
            plane = new ControlPlane(settings(id, address, instance, setup), new TreeMap<>(), kept);
        }

        Liveness.State sees(String other) {
            Liveness liveness = plane.view().liveness().get(new NodeId(other));
            return liveness == null ? Liveness.State.DOWN : liveness.state();
        }

        ClusterSnapshot snapshot() {
            return plane.snapshot(now());
        }

        ClusterSnapshot.MemberState snapshot(String member) {
            return snapshot().members().stream()
                    .filter(m -> m.id().name().equals(member))
                    .findFirst()
                    .orElseThrow();
        }

        List<Effect> does(Event event) {
            List<Effect> done = plane.handle(event, now());
            effects.addAll(done);
            done.forEach(effect -> carryOut(this, effect));
            return done;
        }

        /** The last answer to an operator; null if there was none. */
        @Nullable
        ClusterAnswer answer() {
            return effects.stream()
                    .filter(Effect.Administered.class::isInstance)
                    .map(e -> ((Effect.Administered) e).answer())
                    .reduce((first, last) -> last)
                    .orElse(null);
        }
    }

    private record InFlight(long atMillis, Process to, Event event) {}

    private final SplittableRandom random;
    private final int size;
    private final List<InFlight> network = new ArrayList<>();
    private final TreeSet<String> cut = new TreeSet<>();
    private final SortedMap<String, Process> atAddress = new TreeMap<>();
    private final List<Process> processes = new ArrayList<>();
    private long millis = 1_000_000;

    /** The longest that a message takes. */
    int slowestMillis = 20;

    /** Whether a refusal can go back by the connection that the refused message came by; if not, only to the member's address. */
    boolean refusalsComeBack = true;

    ControlCluster(int size, long seed) {
        this.size = size;
        this.random = new SplittableRandom(seed);
    }

    static NodeId node(int number) {
        return new NodeId("n" + number);
    }

    static String address(int number) {
        return "127.0.0.1:" + (7000 + number);
    }

    private ControlSettings settings(NodeId self, String address, long instance, Setup setup) {
        List<RingMember> members = new ArrayList<>();
        SortedMap<NodeId, String> bridges = new TreeMap<>();
        for (int i = 1; i <= size; i++) {
            int weight = i == 1 ? setup.weightOfFirst() : 100;
            members.add(new RingMember(node(i), "", weight));
            bridges.put(node(i), address(i));
        }
        bridges.remove(self);
        Ring ring = Claim.claim(setup.partitions(), setup.replicas(), members);
        return new ControlSettings(
                self,
                instance,
                setup.cluster(),
                setup.partitions(),
                setup.replicas(),
                "",
                self.equals(node(1)) ? setup.weightOfFirst() : 100,
                address,
                "http-of-" + self,
                "test",
                1,
                TIMINGS,
                setup.listed() ? ring : null,
                setup.listed() ? bridges : new TreeMap<>());
    }

    void startAll() {
        for (int i = 1; i <= size; i++) {
            start(i);
        }
    }

    Process start(int number) {
        return start(number, Setup.USUAL);
    }

    /** At the member's address, in place of what was there. */
    Process start(int number, Setup setup) {
        return startAt(number, address(number), setup, null);
    }

    Process startAt(int number, String address, Setup setup, @Nullable KeptTopology kept) {
        Process process = new Process(node(number), address, setup, kept);
        processes.add(process);
        atAddress.put(address, process);
        return process;
    }

    /** A second process with a member's id, at an address of its own. */
    Process startElsewhere(int number, Setup setup) {
        return startAt(number, "127.0.0.1:" + (8000 + number), setup, null);
    }

    Process at(int number) {
        return atAddress.get(address(number));
    }

    void kill(int number) {
        at(number).dead = true;
    }

    void cut(int from, int to) {
        cut.add(node(from) + ">" + node(to));
    }

    /** Cut off from all others. */
    void isolate(int number) {
        for (int other = 1; other <= size; other++) {
            cut(number, other);
            cut(other, number);
        }
    }

    void healLinks() {
        cut.clear();
    }

    List<Process> running() {
        return processes.stream().filter(p -> !p.dead).toList();
    }

    Now now() {
        return new Now(millis * 1_000_000, millis);
    }

    void run(long forMillis) {
        for (long end = millis + forMillis; millis < end; millis += TICK_MILLIS) {
            List<InFlight> due =
                    network.stream().filter(m -> m.atMillis() <= millis).toList();
            network.removeAll(due);
            due.forEach(m -> m.to().inbox.add(m.event()));
            for (Process process : List.copyOf(processes)) {
                if (!process.paused && !process.dead) {
                    while (!process.inbox.isEmpty()) {
                        process.does(process.inbox.removeFirst());
                    }
                    process.does(new Event.Tick());
                }
            }
        }
    }

    private void carryOut(Process process, Effect effect) {
        switch (effect) {
            case Effect.Send send -> send(process, send.to(), send.message());
            case Effect.Contact contact -> contact(process, contact);
            case Effect.Stop stop -> {
                process.stops.add(stop.reason());
                process.dead = true;
            }
            case Effect.PublishBuckets buckets -> process.published = buckets.buckets();
            case Effect.PublishPeers peers -> process.peers = peers.bridges();
            case Effect.PublishView view ->
                deliver(
                        process,
                        new Event.LoopCaughtUp(0, view.view().topology().epoch()));
            case Effect.KeepTopology keep -> deliver(process, new Event.TopologyKept(keep.sequence(), ""));
            case Effect.BucketSet set -> {}
            case Effect.Administered administered -> {}
            case Effect.Observed observed -> {}
            case Effect.OfData data -> throw new AssertionError("not for a control plane: " + data);
        }
    }

    private void contact(Process from, Effect.Contact contact) {
        Process target = atAddress.get(contact.address());
        if (target != null && !target.dead && !cut.contains(from.id + ">" + target.id)) {
            deliver(target, new Event.Received(from.id, contact.message()));
        }
    }

    private void send(Process from, NodeId to, Message message) {
        if (cut.contains(from.id + ">" + to)) {
            return;
        }
        String address = from.peers.get(to);
        Process target = address == null ? null : atAddress.get(address);
        if (target == null || target.dead) {
            deliver(from, new Event.Undeliverable(to, message));
        } else {
            deliver(target, new Event.Received(from.id, message));
        }
        if (message instanceof Message.Refusal && refusalsComeBack) {
            processes.stream()
                    .filter(p -> p.id.equals(to) && p != target && !p.dead)
                    .forEach(p -> deliver(p, new Event.Received(from.id, message)));
        }
    }

    private void deliver(Process to, Event event) {
        network.add(new InFlight(millis + 1 + random.nextInt(slowestMillis), to, event));
    }
}
