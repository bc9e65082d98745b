package dev.gramme.node;

import dev.gramme.membership.Timings;
import dev.gramme.ring.Claim;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.version.Now;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Ring keepers under simulated time, with the least around them: tables and records travel by random exchanges that are lost, late, doubled and overtaken;
 * topologies reach a node's loops late; processes end and begin again from what they kept. From one seed.
 */
final class RingWorld {
    static final int PARTITIONS = 8;
    static final int REPLICAS = 3;
    static final int LOOPS = 2;
    private static final int GOSSIP_MILLIS = 25;

    private record Due(long atMillis, long order, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    final SplittableRandom random;
    final PhaseRule rule;
    final SortedMap<NodeId, RingProcess> processes = new TreeMap<>();
    final RingData data;
    final RingChecks checks = new RingChecks(this);
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final TreeMap<NodeId, Integer> side = new TreeMap<>();
    private final int members;
    final TreeSet<NodeId> heldDead = new TreeSet<>();
    private long order;
    long millis = 1_000;
    int lossPercent = 10;

    /** Mutant: a disk that says it has kept what it only will. */
    boolean lyingDisks;

    RingWorld(long seed, PhaseRule rule) {
        this.random = new SplittableRandom(seed);
        this.rule = rule;
        this.members = 3 + random.nextInt(2);
        int w = 2 + random.nextInt(2);
        this.data = new RingData(this, w, REPLICAS + 1 - w);
        for (int i = 1; i <= members; i++) {
            add(i);
        }
    }

    static NodeId node(int number) {
        return new NodeId("n" + number);
    }

    RingProcess add(int number) {
        RingProcess process = new RingProcess(this, node(number));
        processes.put(process.id, process);
        process.start();
        after(random.nextInt(GOSSIP_MILLIS), () -> gossip(process));
        after(random.nextInt(GOSSIP_MILLIS), () -> data.work(process));
        return process;
    }

    ControlSettings settings(NodeId self) {
        List<RingMember> list = new ArrayList<>();
        for (int i = 1; i <= members; i++) {
            list.add(new RingMember(node(i), "z", 100));
        }
        Ring initial = Claim.first(PARTITIONS, REPLICAS, list);
        return new ControlSettings(
                self,
                1,
                "test",
                PARTITIONS,
                REPLICAS,
                "z",
                100,
                "bridge-of-" + self,
                "http-of-" + self,
                "test",
                LOOPS,
                Timings.DEFAULT,
                initial.members().containsKey(self) ? initial : null,
                new TreeMap<>());
    }

    Now now() {
        return new Now(millis * 1_000_000, millis);
    }

    void after(long delayMillis, Runnable what) {
        queue.add(new Due(millis + delayMillis, order++, what));
    }

    /** Carries out {@code what} when a message from one to the other arrives, if it does. */
    void send(NodeId from, NodeId to, Runnable what) {
        if (isCut(from, to) || random.nextInt(100) < lossPercent) {
            return;
        }
        int copies = random.nextInt(20) == 0 ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delay = random.nextInt(10) == 0 ? random.nextInt(120) : 1 + random.nextInt(8);
            after(delay, () -> {
                if (!isCut(from, to)) {
                    what.run();
                }
            });
        }
    }

    boolean isCut(NodeId one, NodeId other) {
        return !side.getOrDefault(one, 0).equals(side.getOrDefault(other, 0));
    }

    void split() {
        for (NodeId id : processes.keySet()) {
            side.put(id, random.nextInt(2));
        }
    }

    void isolate(NodeId alone) {
        side.clear();
        side.put(alone, 1);
    }

    void heal() {
        side.clear();
    }

    void runFor(long durationMillis) {
        long until = millis + durationMillis;
        for (Due due = queue.peek(); due != null && due.atMillis <= until; due = queue.peek()) {
            queue.remove();
            millis = due.atMillis;
            due.what.run();
        }
        millis = until;
    }

    private void gossip(RingProcess process) {
        if (process.isUp()) {
            RingProcess peer = any();
            if (peer != process) {
                process.exchangeWith(peer, true);
            }
            process.tick();
        }
        after(GOSSIP_MILLIS / 2 + random.nextInt(GOSSIP_MILLIS), () -> gossip(process));
    }

    RingProcess any() {
        return processes.values().stream()
                .skip(random.nextInt(processes.size()))
                .findFirst()
                .orElseThrow();
    }

    @Nullable
    RingProcess anyUp() {
        List<RingProcess> up =
                processes.values().stream().filter(RingProcess::isUp).toList();
        return up.isEmpty() ? null : up.get(random.nextInt(up.size()));
    }

    /** Who can't be reached because of a cut is not given up for dead, unless an operator errs: {@link #heldDead}. */
    SortedMap<NodeId, Liveness> liveness() {
        TreeMap<NodeId, Liveness> liveness = new TreeMap<>();
        processes.forEach((id, process) ->
                liveness.put(id, process.isUp() && !heldDead.contains(id) ? Liveness.UP : Liveness.DOWN));
        return liveness;
    }
}
