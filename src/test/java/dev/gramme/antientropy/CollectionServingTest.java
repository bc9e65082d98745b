package dev.gramme.antientropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Admission;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.Stamps;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a member does about collections of which it knows nothing, or not yet. One partition, one loop. */
class CollectionServingTest {
    private static final int P = 0;
    private static final Key KEY = Key.of("b", "k");
    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final NodeId C = new NodeId("c");
    private static final NodeId D = new NodeId("d");

    private final Ring ring = Claim.first(1, 3, List.of(member(A), member(B), member(C)));

    private static RingMember member(NodeId id) {
        return new RingMember(id, "z", 100);
    }

    /** A node's memory, with as much in it as these tests need. */
    private static final class Self implements Memory, RepairOutbox {
        final List<List<Mutation>> records = new ArrayList<>();
        final List<Message> sent = new ArrayList<>();
        boolean holds;
        boolean writable = true;
        boolean hasJustWritten;

        @Nullable
        List<Mutation> minted = List.of();

        @Nullable
        Page page;

        final List<Collected> rounds = new ArrayList<>();

        long promised;
        long epoch;
        int losses;
        int cameBack;
        long hintsStayFrom = -1;
        int unreadable = -1;
        int recordsOfHints;
        int hintLooks;
        int looks;
        private long last;

        @Override
        public long epoch(int partition) {
            return epoch;
        }

        @Override
        public long promised(int partition) {
            return promised;
        }

        @Override
        public boolean isOlderUnderWay(int partition, long stamp) {
            return false;
        }

        @Override
        public boolean keepsHints(int partition) {
            return false;
        }

        @Override
        public boolean holds(int partition) {
            return holds;
        }

        @Override
        public boolean isLacking(int partition) {
            return false;
        }

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public @Nullable Page forgettable(
                int partition, @Nullable Key after, int maxBytes, long wallMillis, long ageMillis) {
            looks++;
            return page;
        }

        @Override
        public boolean isForgettable(int partition, KeyDigest key, long wallMillis, long ageMillis) {
            return true;
        }

        @Override
        public boolean loses(int partition) {
            losses++;
            return true;
        }

        @Override
        public boolean hasJustWritten() {
            return hasJustWritten;
        }

        @Override
        public @Nullable List<Mutation> mintedInThisLife(int partition) {
            return partition == unreadable ? null : minted;
        }

        @Override
        public void cameBack(int partition) {
            cameBack++;
        }

        @Override
        public void forgetHintAges() {}

        @Override
        public HintDrops withoutHints(int partition, long stamp, boolean minted) {
            hintsStayFrom = stamp;
            hintLooks++;
            recordsOfHints--;
            return new HintDrops(List.of(new Mutation.DropHint(partition, KEY, B)), recordsOfHints < 0);
        }

        @Override
        public void send(NodeId to, Message message) {
            sent.add(message);
        }

        @Override
        public long persist(List<Mutation> mutations) {
            records.add(mutations);
            for (Mutation mutation : mutations) {
                if (mutation instanceof Mutation.Collect collect) {
                    epoch = Math.max(epoch, collect.epoch());
                }
            }
            return ++last;
        }

        @Override
        public void observed(Probe probe) {}

        @Override
        public long nextId() {
            return ++last;
        }

        @Override
        public void exchanged(Exchanged exchanged, int left) {}

        @Override
        public void collected(Collected collected) {
            rounds.add(collected);
        }

        @Override
        public void altered(Key key) {}

        long token() {
            return last;
        }
    }

    private boolean admits = true;

    private final Admission admission = new Admission() {
        @Override
        public boolean isOpen(long nowNanos) {
            return admits;
        }

        @Override
        public int sliceBytes(int mostBytes) {
            return mostBytes;
        }

        @Override
        public void took(long bytes, long nowNanos) {}
    };

    private final Self self = new Self();
    private CollectionBounds bounds = CollectionBounds.DEFAULT;

    /** One member of the ring, or one that is to be. */
    private final class Member {
        final PartitionStamps stamps;
        final TreeMap<NodeId, Liveness> up = new TreeMap<>();
        final TombstoneCollection collection;
        final TreeSet<NodeId> outsiders = new TreeSet<>();
        final TreeMap<NodeId, Integer> formers = new TreeMap<>();
        Topology topology;
        long nanos;

        Member(NodeId id, Topology topology) {
            this.topology = topology;
            this.stamps = new PartitionStamps(id, topology, self);
            this.collection = new TombstoneCollection(id, 0, 1, bounds, self, stamps, admission, topology);
            collection.viewChanged(moment());
        }

        Moment moment() {
            topology.members().forEach(member -> up.put(member, Liveness.UP));
            Outlook outlook =
                    new Outlook(new View(topology, up, outsiders, formers, new TreeMap<>()), new TreeMap<>(), stamps);
            return new Moment(outlook, new Now(nanos, 0), self);
        }

        /** Two seconds later, twice: what waits is tried again. */
        void ticks() {
            for (int i = 0; i < 2; i++) {
                nanos += 2_000_000_000L;
                collection.tick(moment());
                collection.eventEnds(moment());
            }
        }

        void passes(long millis) {
            for (long end = nanos + millis * 1_000_000L; nanos < end; nanos += 10_000_000L) {
                collection.tick(moment());
            }
        }

        Message.CollectionAsk lastAsked() {
            return self.sent.stream()
                    .filter(Message.CollectionAsk.class::isInstance)
                    .map(Message.CollectionAsk.class::cast)
                    .filter(ask -> !ask.keys().isEmpty())
                    .reduce((before, next) -> next)
                    .orElseThrow();
        }

        void hears(long epoch) {
            stamps.heard(P, 0, epoch);
            collection.eventEnds(moment());
        }

        void settled(boolean durable) {
            collection.settled(self.token(), durable, moment());
        }

        /** Answers what was asked last. */
        void told(NodeId from, long stamp, long epoch) {
            for (Message message : List.copyOf(self.sent)) {
                if (message instanceof Message.CollectionAsk ask) {
                    collection.replied(
                            from,
                            new Message.CollectionKeys(ask.id(), ReplicaStatus.OK, stamp, epoch, 1, List.of()),
                            moment());
                }
            }
        }
    }

    /** D comes in. Every partition has all three owners, so some node gives its place. */
    private Topology joining() {
        return joining(ring);
    }

    private static Topology joining(Ring settled) {
        Ring target = Claim.change(settled, List.of(member(A), member(D), member(C)));
        Proposal proposal = new Proposal(1, A, settled.version(), target, new TreeSet<>());
        return new Topology(1, settled, proposal, null, false, new BitSet());
    }

    @Test
    void what_is_too_old_goes_in_one_record_with_the_promise_and_the_epoch() {
        self.holds = true;
        Member owner = new Member(A, Topology.settled(ring));

        owner.hears(7);

        assertEquals(1, self.losses);
        assertEquals(
                List.of(List.of(
                        new Mutation.DropHint(P, KEY, B), new Mutation.Promise(P, 7), new Mutation.SetAside(P, 7))),
                self.records);
        assertEquals(0, owner.stamps.stamp(P), "before it is durable");
        assertEquals(7, owner.stamps.keepsFrom(P), "nothing that is older comes in meanwhile");
        owner.settled(true);
        assertEquals(7, owner.stamps.stamp(P));
    }

    @Test
    void what_it_minted_in_this_life_stays_behind_what_is_set_aside() {
        self.holds = true;
        Mutation minted = new Mutation.SetState(P, KEY, VersionSet.EMPTY);
        self.minted = List.of(minted);
        Member owner = new Member(A, Topology.settled(ring));

        owner.hears(7);

        List<Mutation> record = self.records.getFirst();
        assertEquals(minted, record.getLast());
        assertEquals(new Mutation.SetAside(P, 7), record.get(record.size() - 2));
    }

    @Test
    void nothing_is_set_aside_before_all_of_it_can_be_read() {
        self.holds = true;
        self.hasJustWritten = true;
        Member owner = new Member(A, Topology.settled(ring));
        owner.hears(7);
        self.hasJustWritten = false;
        self.minted = null;
        owner.ticks();
        assertEquals(0, self.records.size());
        assertEquals(0, self.losses);

        self.minted = List.of();
        owner.ticks();

        assertEquals(1, self.records.size());
    }

    @Test
    void a_partition_that_can_not_be_set_aside_holds_no_other_up() {
        self.holds = true;
        self.unreadable = 0;
        Member owner = new Member(A, Topology.settled(Claim.first(2, 3, List.of(member(A), member(B), member(C)))));
        owner.stamps.heard(0, 0, 7);

        owner.stamps.heard(1, 0, 8);
        owner.ticks();

        assertEquals(1, self.records.size());
        assertTrue(self.records.getFirst().contains(new Mutation.SetAside(1, 8)));
    }

    @Test
    void one_partition_is_looked_at_in_an_event_and_none_while_the_record_of_another_is_on_its_way() {
        self.holds = true;
        Member owner = new Member(A, Topology.settled(Claim.first(8, 3, List.of(member(A), member(B), member(C)))));
        for (int p = 0; p < 3; p++) {
            owner.stamps.heard(p, 0, 7);
        }
        owner.collection.eventEnds(owner.moment());
        owner.ticks();
        assertEquals(1, self.hintLooks);
        assertEquals(1, self.records.size());

        owner.settled(false);
        owner.ticks();
        owner.settled(true);
        owner.ticks();
        owner.settled(true);
        owner.ticks();

        assertEquals(4, self.hintLooks);
        assertTrue(self.records.get(1).contains(new Mutation.SetAside(1, 7)), "by turns");
        assertTrue(self.records.get(2).contains(new Mutation.SetAside(2, 7)));
        assertTrue(self.records.get(3).contains(new Mutation.SetAside(0, 7)));
    }

    @Test
    void hints_that_are_more_than_a_record_has_room_for_are_dropped_before() {
        self.holds = true;
        self.recordsOfHints = 2;
        Member owner = new Member(A, Topology.settled(ring));

        owner.hears(7);
        owner.ticks();
        assertEquals(1, self.records.size(), "until it is known what became of those");
        owner.settled(true);
        owner.ticks();
        owner.settled(false);
        owner.ticks();

        List<Mutation> drop = List.of(new Mutation.DropHint(P, KEY, B));
        assertEquals(drop, self.records.get(0));
        assertEquals(drop, self.records.get(1));
        assertTrue(self.records.get(2).contains(new Mutation.SetAside(P, 7)));
        assertEquals(3, self.records.size());
        assertEquals(1, self.losses);
    }

    @Test
    void a_record_that_was_refused_changes_nothing_and_is_tried_again() {
        self.holds = true;
        Member owner = new Member(A, Topology.settled(ring));
        owner.hears(7);

        owner.settled(false);

        assertEquals(0, owner.stamps.stamp(P));
        assertEquals(0, owner.stamps.keepsFrom(P));
        assertEquals(1, self.cameBack);
        owner.ticks();
        assertEquals(2, self.records.size());
        owner.settled(true);
        assertEquals(7, owner.stamps.stamp(P));
    }

    @Test
    void nothing_is_set_aside_while_the_disk_is_full() {
        self.holds = true;
        self.writable = false;
        Member owner = new Member(A, Topology.settled(ring));
        owner.hears(7);
        assertEquals(0, self.records.size());
        assertEquals(0, self.losses);

        self.writable = true;
        owner.collection.tick(owner.moment());
        owner.collection.eventEnds(owner.moment());

        assertEquals(1, self.records.size());
    }

    @Test
    void who_owns_nothing_and_still_holds_sets_aside_too() {
        self.holds = true;
        Ring four = Claim.first(1, 3, List.of(member(A), member(B), member(C), member(D)));
        NodeId other = four.members().keySet().stream()
                .filter(member -> !four.owns(member, P))
                .findFirst()
                .orElseThrow();
        Member member = new Member(other, Topology.settled(four));

        member.hears(7);

        assertTrue(self.records.getFirst().contains(new Mutation.SetAside(P, 0)));
    }

    @Test
    void who_holds_nothing_keeps_hints_that_are_not_older() {
        Ring four = Claim.first(1, 3, List.of(member(A), member(B), member(C), member(D)));
        NodeId other = four.members().keySet().stream()
                .filter(member -> !four.owns(member, P))
                .findFirst()
                .orElseThrow();
        Member member = new Member(other, Topology.settled(four));

        member.hears(7);

        assertEquals(7, self.hintsStayFrom);
    }

    @Test
    void a_newcomer_takes_nothing_until_an_owner_has_told_and_is_prepared_when_all_have() {
        Member newcomer = new Member(D, joining());
        newcomer.collection.tick(newcomer.moment());
        assertEquals(Stamps.NOTHING, newcomer.stamps.keepsFrom(P));
        assertEquals(Stamps.NOTHING, newcomer.stamps.takesFrom(P));
        assertFalse(newcomer.collection.isKnown());

        newcomer.told(A, 9, 0);
        assertEquals(List.of(new Mutation.DropHint(P, KEY, B), new Mutation.Promise(P, 9)), self.records.getFirst());
        assertEquals(Stamps.NOTHING, newcomer.stamps.takesFrom(P), "until it is durable");
        newcomer.settled(true);

        assertEquals(9, newcomer.stamps.takesFrom(P));
        assertFalse(newcomer.collection.isKnown());
    }

    @Test
    void who_comes_to_own_takes_the_highest_epoch_of_all_owners_and_never_its_promise_for_its_own() {
        self.promised = 9;
        Ring four = Claim.first(1, 3, List.of(member(A), member(B), member(C), member(D)));
        NodeId comes = four.members().keySet().stream()
                .filter(member -> !four.owns(member, P))
                .findFirst()
                .orElseThrow();
        List<NodeId> owners = four.owners(P);
        List<RingMember> left = four.members().values().stream()
                .filter(member -> !member.id().equals(owners.get(1)))
                .toList();
        Proposal proposal = new Proposal(1, owners.get(0), four.version(), Claim.change(four, left), new TreeSet<>());
        Member member = new Member(comes, new Topology(1, four, proposal, null, false, new BitSet()));
        member.collection.tick(member.moment());
        assertEquals(9, member.stamps.takesFrom(P), "nothing is collected that it has not promised");
        assertEquals(0, member.stamps.epoch(P));

        member.told(owners.get(0), 9, 0);
        member.told(owners.get(1), 9, 5);
        member.told(owners.get(2), 9, 0);
        member.collection.tick(member.moment());

        assertEquals(List.of(List.of(new Mutation.Collect(P, 5, List.of()))), self.records);
        assertFalse(member.collection.isKnown());
        member.settled(true);
        member.collection.tick(member.moment());
        assertTrue(member.collection.isKnown());
        assertEquals(5, member.stamps.takesFrom(P));
    }

    @Test
    void nobody_promises_while_somebody_is_known_who_left_and_may_still_keep_hints() {
        Member member = new Member(A, Topology.settled(ring));
        KeyDigest key = new KeyDigest(KEY, 3);
        member.collection.asked(B, new Message.CollectionAsk(1, P, ring.hash(), List.of(key)), member.moment());
        long life = ((Message.CollectionKeys) self.sent.getLast()).life();
        Message.CollectionRaise raise = new Message.CollectionRaise(1, P, ring.hash(), 9, 0, life);
        member.outsiders.add(D);

        member.collection.asked(B, raise, member.moment());
        assertEquals(new Message.CollectionDone(1, ReplicaStatus.NOT_OWNER, 0, false), self.sent.getLast());
        assertEquals(List.of(), self.records);

        member.outsiders.remove(D);
        member.formers.put(C, 4);
        member.collection.asked(B, raise, member.moment());
        assertEquals(List.of(), self.records, "nor while a member runs a program whose stamps have no date");

        member.formers.clear();
        member.collection.asked(B, raise, member.moment());
        assertEquals(List.of(List.of(new Mutation.Promise(P, 9))), self.records);
    }

    @Test
    void who_collects_nothing_asks_nobody_waits_for_nobody_takes_part_in_no_round_and_says_so() {
        bounds = CollectionBounds.DEFAULT.withAge(0);
        Member newcomer = new Member(D, joining());
        newcomer.ticks();
        assertTrue(newcomer.collection.isKnown());
        assertEquals(0, newcomer.stamps.takesFrom(P));
        assertEquals(0, newcomer.stamps.keepsFrom(P));

        Member member = new Member(A, Topology.settled(ring));
        member.ticks();
        KeyDigest key = new KeyDigest(KEY, 3);
        member.collection.asked(B, new Message.CollectionAsk(1, P, ring.hash(), List.of(key)), member.moment());
        member.collection.asked(B, new Message.CollectionRaise(1, P, ring.hash(), 9, 0, 0), member.moment());

        assertEquals(
                List.of(new Message.CollectionKeys(1, ReplicaStatus.NOT_COLLECTING, 0, 0, 0, List.of())), self.sent);
        assertEquals(List.of(), self.records);
    }

    @Test
    void a_newcomer_does_not_wait_for_owners_that_run_a_former_program() {
        Member newcomer = new Member(D, joining());
        List.of(A, B, C).forEach(owner -> newcomer.formers.put(owner, 3));

        newcomer.ticks();

        assertTrue(newcomer.collection.isKnown());
        assertEquals(0, newcomer.stamps.takesFrom(P));
    }

    @Test
    void a_newcomer_is_prepared_however_long_an_answer_takes_and_asks_no_more_often_than_it_must() {
        Member newcomer = new Member(D, joining());
        List<Message.CollectionAsk> asked = new ArrayList<>();
        for (int millis = 0; millis < 10_000; millis += 10) {
            newcomer.nanos = millis * 1_000_000L;
            newcomer.collection.tick(newcomer.moment());
        }
        self.sent.forEach(message -> asked.add((Message.CollectionAsk) message));
        int owners = 3;
        assertTrue(asked.size() < owners * 30, asked.size() + " questions in 10 s");
        assertTrue(asked.size() > owners * 10, asked.size() + " questions in 10 s");

        // Each owner answers what it was asked first.
        for (int i = 0; i < owners; i++) {
            NodeId owner = List.of(A, B, C).get(i);
            newcomer.collection.replied(
                    owner,
                    new Message.CollectionKeys(asked.get(i).id(), ReplicaStatus.OK, 9, 0, 1, List.of()),
                    newcomer.moment());
        }
        newcomer.settled(true);
        newcomer.ticks();

        assertTrue(newcomer.collection.isKnown());
    }

    @Test
    void a_newcomer_with_room_on_its_disk_again_looks_through_one_partition_an_event() {
        int partitions = 8;
        Member newcomer = new Member(D, joining(Claim.first(partitions, 3, List.of(member(A), member(B), member(C)))));
        newcomer.collection.tick(newcomer.moment());
        self.writable = false;
        newcomer.told(A, 9, 0);
        newcomer.collection.tick(newcomer.moment());
        assertEquals(0, self.hintLooks);

        self.writable = true;
        for (int p = 0; p < partitions; p++) {
            newcomer.collection.tick(newcomer.moment());
            assertEquals(p + 1, self.hintLooks);
            assertTrue(self.records.get(p).contains(new Mutation.Promise(p, 9)));
        }
    }

    @Test
    void a_newcomer_that_was_told_too_little_first_hears_what_others_have_collected() {
        Member newcomer = new Member(D, joining());
        newcomer.collection.tick(newcomer.moment());
        newcomer.told(A, 3, 0);
        newcomer.told(B, 9, 9);
        newcomer.told(C, 9, 9);

        for (int i = 0; i < 4; i++) {
            newcomer.settled(true);
            newcomer.ticks();
        }

        assertTrue(newcomer.collection.isKnown());
        assertTrue(newcomer.stamps.stamp(P) >= 9);
    }

    @Test
    void no_owner_goes_on_before_every_member_has_answered() {
        Ring four = Claim.first(1, 3, List.of(member(A), member(B), member(C), member(D)));
        CollectionRound round = new CollectionRound(1, P, four, List.of(new KeyDigest(KEY, 3)), 0, 0);
        for (NodeId owner : four.owners(P)) {
            round.replied(owner, new Message.CollectionKeys(1, ReplicaStatus.OK, 0, 0, 1, List.of(0)));
        }
        assertEquals(CollectionRound.Step.ASKING, round.step());

        NodeId other = four.members().keySet().stream()
                .filter(member -> !four.owns(member, P))
                .findFirst()
                .orElseThrow();
        round.replied(other, new Message.CollectionKeys(1, ReplicaStatus.NOT_OWNER, 0, 0, 0, List.of()));

        assertEquals(CollectionRound.Step.RAISING_OWNERS, round.step());
    }

    @Test
    void nobody_looks_for_deletes_where_none_are_collected_or_while_clients_need_the_node() {
        self.page = new Memory.Page(List.of(), 0, null);
        NodeId leads = ring.owners(P).get(0);
        bounds = CollectionBounds.DEFAULT.withAge(0);
        new Member(leads, Topology.settled(ring)).passes(bounds.pauseMillis());
        assertEquals(0, self.looks);

        bounds = CollectionBounds.DEFAULT;
        admits = false;
        Member leader = new Member(leads, Topology.settled(ring));
        leader.passes(10_000);
        assertEquals(0, self.looks);

        admits = true;
        leader.passes(1_000);
        assertEquals(1, self.looks);
        leader.passes(bounds.pauseMillis());
        assertEquals(2, self.looks, "a pass later");
    }

    @Test
    void who_leads_rests_while_a_member_takes_part_in_no_round_and_goes_on_when_it_does() {
        restsAMinute(Claim.first(16, 3, List.of(member(A), member(B), member(C))));
    }

    @Test
    void who_leads_one_partition_asks_again_a_minute_later_too() {
        restsAMinute(ring);
    }

    private void restsAMinute(Ring led) {
        self.page = new Memory.Page(List.of(new KeyDigest(KEY, 3)), 0, null);
        NodeId leads = led.owners(0).get(0);
        NodeId refuses = led.owners(0).get(1);
        Member leader = new Member(leads, Topology.settled(led));
        leader.passes(1_000);
        Message.CollectionAsk ask = leader.lastAsked();

        leader.collection.replied(
                refuses,
                new Message.CollectionKeys(ask.id(), ReplicaStatus.NOT_COLLECTING, 0, 0, 0, List.of()),
                leader.moment());

        assertEquals(List.of(refuses), self.rounds.getLast().waitedFor());
        leader.passes(CollectionRounds.UNWILLING_MILLIS - 2_000);
        assertEquals(ask, leader.lastAsked());
        leader.passes(3_000);
        assertFalse(ask.equals(leader.lastAsked()));
    }

    @Test
    void a_late_word_of_an_earlier_step_ends_no_later_one() {
        CollectionRound round = new CollectionRound(1, P, ring, List.of(new KeyDigest(KEY, 3)), 0, 0);
        List<Message.CollectionRequest> asked = new ArrayList<>();
        for (NodeId owner : List.of(A, B, C)) {
            round.replied(owner, new Message.CollectionKeys(1, ReplicaStatus.OK, 0, 0, 1, List.of(0)));
        }
        round.ask((member, request) -> asked.add(request));
        long stamp = ((Message.CollectionRaise) asked.getFirst()).stamp();
        Message.CollectionDone promised = new Message.CollectionDone(1, ReplicaStatus.OK, stamp, false);
        List.of(A, B, C).forEach(owner -> round.replied(owner, promised));
        assertEquals(CollectionRound.Step.COMMITTING, round.step());

        List.of(A, B, C).forEach(owner -> round.replied(owner, promised));
        assertEquals(CollectionRound.Step.COMMITTING, round.step());

        Message.CollectionDone committed = new Message.CollectionDone(1, ReplicaStatus.OK, stamp, true);
        List.of(A, B, C).forEach(owner -> round.replied(owner, committed));
        assertEquals(CollectionRound.Step.COMMITTED, round.step());
    }
}
