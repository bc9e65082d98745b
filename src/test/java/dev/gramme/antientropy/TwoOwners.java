package dev.gramme.antientropy;

import dev.gramme.generators.Gate;
import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.View;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Now;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Two owners of all partitions, in memory, with real trees and the bytes of real messages between them. The first begins every exchange that a test asks for. */
final class TwoOwners {
    static final int PARTITIONS = 4;
    static final int TICK_MILLIS = 5;

    record Flight(Owner from, Owner to, Message message) {}

    /** One owner: its states, and both sides of anti-entropy over them. */
    final class Owner implements OwnStates, RepairOutbox, Trees {
        final NodeId id;
        final KeptTrees trees;
        final List<Exchanged> exchanged = new ArrayList<>();
        final List<Probe> probes = new ArrayList<>();
        private final List<Mutation> toApply = new ArrayList<>();
        private final List<Long> toPersist = new ArrayList<>();
        final Exchanges exchanges;
        final ExchangeServing serving;
        boolean writable = true;
        boolean unreadable;
        /** For what it begins, and for what it is asked. */
        final Gate begins = new Gate();

        final Gate answers = new Gate();
        /** Slices that the trees take to be built. */
        int unbuilt;

        Ring ring;
        Liveness peerIs = Liveness.UP;
        int left;
        private View seen;
        private long lastId;

        Owner(String name, ExchangeBounds bounds) {
            this.id = new NodeId(name);
            this.ring = TwoOwners.this.ring;
            this.trees = new KeptTrees(ring.partitions());
            Unbuilt toBuild = new Unbuilt(this, begins);
            this.exchanges = new Exchanges(id, 0, 1, bounds, this, this, toBuild, Losses.NEVER, begins);
            this.serving = new ExchangeServing(id, this, this, toBuild, answers);
            this.seen = new View(ring, new TreeMap<>());
        }

        void put(String key, long actor, long counter, String value) {
            put(Key.of("b", key), actor, counter, value);
        }

        void put(Key key, long actor, long counter, String value) {
            Dot dot = new Dot(actor, counter);
            Content content = Content.value(Bytes.utf8(value), "text/plain");
            merge(key, new VersionSet(CausalContext.of(dot), List.of(new Version(dot, counter, content))));
        }

        void merge(Key key, VersionSet state) {
            int partition = ring.partitionOf(key);
            trees.set(partition, key, own(partition, key).absorb(state));
        }

        VersionSet held(String key) {
            return own(ring.partitionOf(Key.of("b", key)), Key.of("b", key));
        }

        private Moment moment() {
            SortedMap<NodeId, Liveness> liveness = new TreeMap<>();
            liveness.put(id, Liveness.UP);
            liveness.put(other(this).id, peerIs);
            View now = new View(ring, liveness);
            seen = now.equals(seen) ? seen : now;
            return new Moment(new Outlook(seen, new TreeMap<>()), new Now(nanos, nanos / 1_000_000), this);
        }

        @Override
        public VersionSet own(int partition, Key key) {
            return trees.states(partition).getOrDefault(key, VersionSet.EMPTY);
        }

        @Override
        public List<Long> merge(int partition, List<Message.RangeEntry> entries, Outlook outlook, Now now, Outbox out) {
            List<Mutation> mutations = new ArrayList<>();
            for (Message.RangeEntry entry : entries) {
                VersionSet own = own(partition, entry.key());
                mutations.add(new Mutation.SetState(partition, entry.key(), own.absorb(entry.state())));
            }
            return List.of(out.persist(mutations));
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void exchanged(Exchanged ended, int stillAsked) {
            exchanged.add(ended);
            left = stillAsked;
        }

        @Override
        public void collected(Collected collected) {
            throw new IllegalStateException("nothing is collected here: " + collected);
        }

        @Override
        public void send(NodeId to, Message message) {
            carry(new Flight(this, other(this), message));
        }

        @Override
        public long persist(List<Mutation> mutations) {
            toApply.addAll(mutations);
            toPersist.add(++lastId);
            return lastId;
        }

        @Override
        public void observed(Probe probe) {
            probes.add(probe);
        }

        @Override
        public void altered(Key key) {
            throw new IllegalStateException("nothing is merged by a replica here");
        }

        @Override
        public long nextId() {
            return ++lastId;
        }

        private void eventIsOver() {
            toApply.forEach(m -> {
                Mutation.SetState set = (Mutation.SetState) m;
                trees.set(set.partition(), set.key(), set.state());
            });
            toApply.clear();
            List<Long> tokens = List.copyOf(toPersist);
            toPersist.clear();
            tokens.forEach(token -> {
                exchanges.settled(token, writable, moment());
                eventIsOver();
            });
        }

        private void receive(Owner from, Message message) {
            switch (message) {
                case Message.RepairRequest m -> serving.asked(from.id, m, moment().outlook(), nanos, this);
                case Message.TreeReply m -> exchanges.replied(from.id, m, moment());
                case Message.RangePage m -> exchanges.replied(from.id, m, moment());
                case Message.ReplicaPutReply m -> exchanges.replied(from.id, m, moment());
                case Message.ReplicaPut m -> {
                    merge(m.key(), m.state());
                    send(
                            from.id,
                            new Message.ReplicaPutReply(
                                    m.id(), writable ? ReplicaStatus.OK : ReplicaStatus.STORAGE_FULL));
                }
                default -> throw new IllegalStateException("not of repair: " + message);
            }
            eventIsOver();
        }

        void undeliverable(Message.PartitionRequest request) {
            exchanges.undeliverable(other(this).id, request.id(), moment());
            eventIsOver();
        }

        void askNow(@Nullable String bucket) {
            exchanges.askNow(bucket, moment());
        }

        private void tick() {
            serving.tick(moment().outlook(), nanos, this);
            exchanges.tick(moment());
            eventIsOver();
        }

        @Override
        public boolean isReady(int partition) {
            return unbuilt == 0;
        }

        @Override
        public void build(int partition) {
            unbuilt--;
        }

        @Override
        public long root(int partition) {
            return readable().root(partition);
        }

        @Override
        public long[] children(int partition, int level, int index) {
            return readable().children(partition, level, index);
        }

        @Override
        public LeafPage keys(int partition, int leaf, @Nullable Key after, int maxEntries) {
            return readable().keys(partition, leaf, after, maxEntries);
        }

        private Trees readable() {
            if (unreadable) {
                throw new UnreadableException(new IllegalStateException("broken by the test"));
            }
            return trees;
        }
    }

    private final Ring ring;
    final Owner a;
    final Owner b;
    final List<Message> sent = new ArrayList<>();
    Predicate<Message> lost = m -> false;
    Predicate<Message> doubled = m -> false;
    /** Done before a message is handed over. */
    Predicate<Message> meanwhile = m -> false;

    long bytes;
    int messages;
    boolean keepsMessages = true;
    private final ArrayDeque<Flight> queue = new ArrayDeque<>();
    private long nanos = Long.MAX_VALUE - 3_000_000_000L;

    TwoOwners() {
        this(new ExchangeBounds(4, 0, 3_600_000));
    }

    TwoOwners(ExchangeBounds bounds) {
        this(bounds, PARTITIONS);
    }

    TwoOwners(ExchangeBounds bounds, int partitions) {
        RingMember first = new RingMember(new NodeId("a"), "z", 100);
        this.ring = Claim.first(partitions, 2, List.of(first, new RingMember(new NodeId("b"), "z", 100)));
        this.a = new Owner("a", bounds);
        this.b = new Owner("b", bounds);
    }

    private Owner other(Owner owner) {
        return owner == a ? b : a;
    }

    private void carry(Flight flight) {
        messages++;
        if (keepsMessages) {
            sent.add(flight.message());
        }
        bytes += MessageCodec.encode(flight.message()).size();
        if (!lost.test(flight.message())) {
            queue.add(flight);
            if (doubled.test(flight.message())) {
                queue.add(flight);
            }
        }
    }

    /** What was handed over before comes once more. */
    void again(List<Message> messages) {
        for (Message message : messages) {
            boolean toA = message instanceof Message.KeyReply;
            queue.add(new Flight(toA ? b : a, toA ? a : b, message));
        }
        deliver();
    }

    private void deliver() {
        while (!queue.isEmpty()) {
            Flight flight = queue.remove();
            if (!meanwhile.test(flight.message())) {
                flight.to().receive(flight.from(), flight.message());
            }
        }
    }

    void pass(long millis) {
        for (long passed = 0; passed < millis; passed += TICK_MILLIS) {
            nanos += TICK_MILLIS * 1_000_000L;
            a.tick();
            b.tick();
            deliver();
        }
    }

    /** a compares everything with b, now. */
    List<Exchanged> compare() {
        a.exchanged.clear();
        a.askNow(null);
        pass(1_000);
        return List.copyOf(a.exchanged);
    }

    boolean areEqual() {
        for (int p = 0; p < ring.partitions(); p++) {
            if (a.root(p) != b.root(p) || !a.trees.states(p).equals(b.trees.states(p))) {
                return false;
            }
        }
        return true;
    }

    <T extends Message> List<T> sent(Class<T> type) {
        return sent.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
