package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.antientropy.CollectionBounds;
import dev.gramme.antientropy.Memory;
import dev.gramme.handoff.HintBook;
import dev.gramme.replica.HintedStates;
import dev.gramme.replica.Minting;
import dev.gramme.replica.Replica;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Dot;
import dev.gramme.version.Now;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;
import dev.gramme.wire.Stamps;
import dev.gramme.wire.StateCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a node keeps that finds that its disk is older than a collection, and what not. One partition's keys and hints. */
class SettingAsideTest {
    private static final int P = 3;
    private static final long PROMISED = 5;
    private static final BucketProperties BUCKET = BucketProperties.defaults("b", 3);

    private final MiniCluster cluster = new MiniCluster(4, 3, 3, NodeSettings.defaults(new NodeId("n"), 1));
    /** In no ring: it keeps whole states for others. */
    private final NodeId self = cluster.ids.get(3);

    private final NodeId owner = cluster.ids.get(1);
    private final MemoryDisk disk = new MemoryDisk(1);
    private final HintBook book = disk.book();
    private Replica replica = life();

    private static Key key(int i) {
        return Key.of("b", "key%06d".formatted(i));
    }

    /** A process over the same disk, which was closed in order: its actors go on. */
    private Replica life() {
        HintedStates hinted = new HintedStates() {
            @Override
            public VersionSet read(int partition, Key key) {
                return book.read(partition, key);
            }

            @Override
            public @Nullable VersionSet read(int partition, Key key, NodeId hintFor) {
                return book.read(partition, key, hintFor);
            }
        };
        return new Replica(self, disk, hinted, disk, disk.losses);
    }

    private final Outbox out = new Outbox() {
        private long last;

        @Override
        public void send(NodeId to, Message message) {}

        @Override
        public long persist(List<Mutation> mutations) {
            mutations.forEach(disk::apply);
            return ++last;
        }

        @Override
        public void observed(Probe probe) {}

        @Override
        public void altered(Key key) {}

        @Override
        public long nextId() {
            return ++last;
        }
    };

    /**
     * Replaces what is there.
     *
     * @param standsFor null: as an owner
     */
    private Dot mint(Key key, @Nullable NodeId standsFor) {
        CausalContext seen = (standsFor == null ? disk.read(P, key) : book.read(P, key)).context();
        replica.eventBegins();
        Minting.Result result = replica.minting()
                .put(
                        cluster.command(key, seen, "v"),
                        P,
                        standsFor,
                        List.of(),
                        BUCKET,
                        new Now(1, cluster.wallMillis()),
                        out);
        replica.eventBegins();
        return ((Minting.Minted) result).dot();
    }

    private SettingAside aside() {
        return aside(CollectionBounds.MOST_SET_ASIDE_BYTES);
    }

    private SettingAside aside(long maxBytes) {
        return new SettingAside(cluster.ring.partitions(), replica, disk, book, maxBytes);
    }

    private static List<Dot> dots(Mutation mutation) {
        VersionSet state =
                mutation instanceof Mutation.SetHint hint ? hint.state() : ((Mutation.SetState) mutation).state();
        return state.siblings().stream().map(Version::dot).toList();
    }

    @Test
    void of_what_was_minted_before_and_in_this_life_by_the_same_actor_the_latter_stays() {
        Dot before = mint(key(1), null);
        mint(key(2), null);
        replica = life();
        assertEquals(List.of(), aside().mintedInThisLife(P));

        Dot since = mint(key(1), null);
        assertEquals(before.actor(), since.actor());

        List<Mutation> kept = aside().mintedInThisLife(P);
        assertEquals(1, kept.size());
        assertEquals(List.of(since), dots(kept.getFirst()));
    }

    @Test
    void more_than_a_record_has_room_for_does_not_stay() {
        for (int i = 0; i < SettingAside.MAX_MUTATIONS + 100; i++) {
            mint(key(i), null);
        }

        List<Mutation> kept = aside().mintedInThisLife(P);

        assertEquals(SettingAside.MAX_MUTATIONS, kept.size());
    }

    @Test
    void where_little_may_wait_for_the_log_a_record_is_smaller() {
        long queuedBytes = 6_000;
        long bytes = CollectionBounds.DEFAULT.withQueue(queuedBytes).setAsideBytes();
        for (int i = 0; i < 100; i++) {
            mint(key(i), null);
            mint(key(i), owner);
        }

        List<Mutation> record = new ArrayList<>(aside(bytes).mintedInThisLife(P));
        replica = life();
        Memory.HintDrops drops = aside(bytes).withoutHints(P, PROMISED, true);
        record.addAll(drops.mutations());

        assertFalse(drops.all());
        assertTrue(record.size() > 10);
        assertTrue(record.stream().mapToLong(SettingAsideTest::bytes).sum() <= queuedBytes / 3);
    }

    private static long bytes(Mutation mutation) {
        Mutation.OfKey change = (Mutation.OfKey) mutation;
        long state = change instanceof Mutation.SetState set ? StateCodec.sizeHint(set.state()) : 0;
        return change.key().name().size() + state;
    }

    @Test
    void a_store_that_can_not_be_read_says_so() {
        mint(key(1), null);
        disk.broken = true;

        assertEquals(null, aside().mintedInThisLife(P));
    }

    @Test
    void hints_go_record_by_record_but_for_what_was_minted_in_this_life() {
        int many = SettingAside.MAX_MUTATIONS + 100;
        for (int i = 0; i < many; i++) {
            mint(key(i), owner);
        }
        replica = life();
        Dot since = mint(key(7), owner);
        Dot alone = mint(key(many), owner);

        Memory.HintDrops first = aside().withoutHints(P, PROMISED, true);
        assertFalse(first.all());
        assertEquals(SettingAside.MAX_MUTATIONS, first.mutations().size());
        first.mutations().forEach(disk::apply);
        Memory.HintDrops second = aside().withoutHints(P, PROMISED, true);
        second.mutations().forEach(disk::apply);

        assertTrue(second.all());
        assertEquals(many - 1, first.mutations().size() + second.mutations().size());
        assertEquals(2, disk.counts().get(owner));
        assertEquals(List.of(since), dots(new Mutation.SetState(P, key(7), book.read(P, key(7)))));
        assertEquals(List.of(alone), dots(new Mutation.SetState(P, key(many), book.read(P, key(many)))));
        assertEquals(List.of(), aside().withoutHints(P, PROMISED, true).mutations(), "what stays is not written again");
        assertEquals(2, aside().withoutHints(P, PROMISED, false).mutations().size());
    }

    @Test
    void not_all_hints_are_gone_while_a_crash_may_bring_some_back() {
        disk.hintsMayComeBack = true;
        Memory.HintDrops drops = aside().withoutHints(P, PROMISED, true);
        assertFalse(drops.all());
        assertEquals(List.of(), drops.mutations());

        disk.hintsMayComeBack = false;
        assertTrue(aside().withoutHints(P, PROMISED, true).all());
    }

    @Test
    void hints_of_this_life_that_are_no_older_stay_and_pointers_to_what_is_set_aside_go() {
        mint(key(1), null);
        VersionSet state = disk.owned.get(key(1));
        replica = life();
        Outlook outlook = new Outlook(cluster.view(), new TreeMap<>(), promised());
        List<Key> kept = new ArrayList<>();
        for (long stamp = PROMISED; stamp < PROMISED + 3; stamp++) {
            Key key = key((int) stamp);
            kept.add(key);
            replica.eventBegins();
            replica.keepHint(P, key, owner, state, stamp, outlook, out);
        }
        disk.apply(new Mutation.SetHint(P, key(99), owner, VersionSet.EMPTY));
        replica.eventBegins();

        Memory.HintDrops drops = aside().withoutHints(P, PROMISED + 1, true);

        assertEquals(
                Set.of(new Mutation.DropHint(P, kept.getFirst(), owner), new Mutation.DropHint(P, key(99), owner)),
                Set.copyOf(drops.mutations()));
    }

    private static Stamps promised() {
        return new Stamps() {
            @Override
            public long stamp(int partition) {
                return PROMISED;
            }

            @Override
            public long promised(int partition) {
                return PROMISED;
            }

            @Override
            public long keepsFrom(int partition) {
                return PROMISED;
            }

            @Override
            public long epoch(int partition) {
                return 0;
            }

            @Override
            public long takesFrom(int partition) {
                return 0;
            }

            @Override
            public void heard(int partition, long stamp, long epoch) {}
        };
    }
}
