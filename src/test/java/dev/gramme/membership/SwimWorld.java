package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Gossip;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.RingProgress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Membership machines alone, under a simulated clock and network: 0.2 to 2 ms a message, of which a share is lost without a word. All know each other from
 * the start.
 */
final class SwimWorld {
    static final long MILLI = 1_000_000L;
    private static final long TICK_NANOS = 25 * MILLI;

    /**
     * @param loss share of messages lost
     * @param told whether the sender is told that nobody is there any more (a closed connection)
     * @param slow how many members are slow: what they send and receive waits while they are stuck, their timers run on (Lifeguard, section V)
     */
    record Conditions(Timings timings, double loss, boolean told, int slow, int stuckMillis, int freeMillis) {
        static Conditions fair(Timings timings) {
            return new Conditions(timings, 0, false, 0, 0, 0);
        }

        Conditions withLoss(double share) {
            return new Conditions(timings, share, told, slow, stuckMillis, freeMillis);
        }

        Conditions withSlow(int members, int stuck, int free) {
            return new Conditions(timings, loss, told, members, stuck, free);
        }

        Conditions withNotice() {
            return new Conditions(timings, loss, true, slow, stuckMillis, freeMillis);
        }
    }

    private record Scheduled(long nanos, long number, Runnable action) {}

    /** One member. */
    final class Node implements Post {
        final int number;
        final NodeId id;
        final Swim swim;
        boolean dead;
        long sent;
        long bytes;
        private final long stuckPhaseNanos;

        Node(int number) {
            this.number = number;
            this.id = id(number);
            this.swim = new Swim(record(number), conditions.timings(), random.nextLong(), this, 0);
            this.stuckPhaseNanos = random.nextLong(1 + (conditions.stuckMillis() + conditions.freeMillis()) * MILLI);
        }

        boolean isSlow() {
            return number < conditions.slow();
        }

        /** When what it does now has an effect. */
        private long free(long at) {
            long stuck = conditions.stuckMillis() * MILLI;
            long cycle = stuck + conditions.freeMillis() * MILLI;
            if (!isSlow() || cycle == 0) {
                return at;
            }
            long place = (at + stuckPhaseNanos) % cycle;
            return place < stuck ? at + stuck - place : at;
        }

        private void tick() {
            if (!dead) {
                swim.awake(now);
                swim.tick();
                observer.looked(this);
                after(TICK_NANOS, this::tick);
            }
        }

        private void receive(NodeId from, Message.Control message) {
            if (dead) {
                return;
            }
            swim.awake(now);
            if (message instanceof Message.Exchange exchange) {
                swim.heard(from, exchange.gossip());
                if (exchange.answers() > 0) {
                    boolean differs = exchange.gossip().membersHash() != swim.membersHash();
                    send(from, exchange(differs ? swim.everything() : swim.introduction(from), exchange.answers() - 1));
                }
            } else {
                swim.receive(from, message, gossip(message));
            }
        }

        private Gossip gossip(Message.Control message) {
            return switch (message) {
                case Message.Ping m -> m.gossip();
                case Message.Ack m -> m.gossip();
                case Message.PingRequest m -> m.gossip();
                case Message.Nack m -> m.gossip();
                case Message.Rumours m -> m.gossip();
                case Message.Exchange m -> m.gossip();
                case Message.BucketTable m -> throw new AssertionError(m);
                case Message.Refusal m -> throw new AssertionError(m);
            };
        }

        @Override
        public void send(NodeId to, Message message) {
            Node target = nodes.get(Integer.parseInt(to.name().substring(1)));
            Message.Control control = (Message.Control) message;
            sent++;
            bytes += MessageCodec.encode(message).size();
            if (random.nextDouble() < conditions.loss()) {
                return;
            }
            long arrival = free(now) + 200_000 + random.nextLong(1_800_000);
            at(target.free(arrival), () -> {
                if (target.dead && conditions.told()) {
                    at(now + 500_000, () -> {
                        swim.awake(now);
                        swim.undeliverable(to, control);
                    });
                } else {
                    target.receive(id, control);
                }
            });
        }

        @Override
        public void exchange(NodeId to, boolean everything) {
            send(to, exchange(everything ? swim.everything() : swim.introduction(to), 2));
        }

        private static Message.Exchange exchange(Gossip gossip, int answers) {
            return new Message.Exchange("figures", 256, 3, 0, answers, gossip, null, null);
        }

        @Override
        public void contact(String address, boolean everything) {
            throw new AssertionError("nobody looks for seeds here");
        }

        @Override
        public void refuse(NodeId refused, long instance, String reason) {
            throw new AssertionError("nobody is refused here");
        }
    }

    /** Looks at each node after each of its ticks. */
    interface Observer {
        void looked(Node node);
    }

    final List<Node> nodes = new ArrayList<>();
    long now;
    Observer observer = node -> {};
    private final Conditions conditions;
    private final SplittableRandom random;
    private final PriorityQueue<Scheduled> queue =
            new PriorityQueue<>(Comparator.comparingLong(Scheduled::nanos).thenComparingLong(Scheduled::number));
    private long scheduled;

    SwimWorld(int size, Conditions conditions, long seed) {
        this.conditions = conditions;
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < size; i++) {
            nodes.add(new Node(i));
        }
        for (Node node : nodes) {
            for (Node other : nodes) {
                if (node != other) {
                    node.swim.introduced(other.swim.mine());
                }
                node.swim.members().dissemination().forget(other.id);
            }
            at(random.nextLong(TICK_NANOS), node::tick);
        }
    }

    private static NodeId id(int number) {
        return new NodeId("n" + number);
    }

    /** About as long as a real one: addresses, a zone, a version. */
    private static MemberRecord record(int number) {
        return new MemberRecord(
                id(number),
                0x9E3779B97F4A7C15L * (number + 1),
                1_800_000_000_000L,
                MemberRecord.Standing.SERVING,
                "10.1." + number / 256 + "." + number % 256 + ":7800",
                "10.1." + number / 256 + "." + number % 256 + ":8080",
                "zone-" + number % 3,
                100,
                true,
                1,
                "0.3.0",
                1_000_000,
                new RingProgress(7, null, null, 0, 0, 0, 0));
    }

    private void after(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    void at(long nanos, Runnable action) {
        queue.add(new Scheduled(nanos, scheduled++, action));
    }

    void run(long untilMillis) {
        long until = untilMillis * MILLI;
        while (!queue.isEmpty() && queue.peek().nanos() <= until) {
            Scheduled next = queue.remove();
            now = next.nanos();
            next.action().run();
        }
        now = until;
    }
}
