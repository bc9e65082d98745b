package dev.gramme.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResolveTest {
    private static final int SEEDS = 500;
    private static final int REPLICAS = 4;

    @Test
    void last_write_wins_keeps_the_latest_and_ties_go_to_the_higher_dot() {
        VersionSet state = VersionSet.EMPTY
                .put(CausalContext.EMPTY, version(1, 1, 10, "a"))
                .put(CausalContext.EMPTY, version(2, 2, 12, "b"))
                .put(CausalContext.EMPTY, version(3, 3, 12, "c"));
        VersionSet resolved = state.resolve(ConflictPolicy.LAST_WRITE_WINS);
        assertEquals(List.of(version(3, 3, 12, "c")), resolved.siblings());
        assertEquals(state.context(), resolved.context());
    }

    @Test
    void siblings_with_one_idempotency_key_collapse_and_others_stay() {
        VersionSet state = VersionSet.EMPTY
                .put(CausalContext.EMPTY, version(1, 1, 10, "same"))
                .put(CausalContext.EMPTY, version(2, 2, 11, "same"))
                .put(CausalContext.EMPTY, version(3, 3, 12, ""))
                .put(CausalContext.EMPTY, version(4, 4, 13, ""));
        assertEquals(3, state.resolve(ConflictPolicy.SIBLINGS).siblings().size());
    }

    @Test
    void who_has_seen_one_dot_of_a_retried_write_replaces_the_other_too() {
        VersionSet state = VersionSet.EMPTY
                .put(CausalContext.EMPTY, version(1, 1, 10, "retried"))
                .put(CausalContext.EMPTY, version(2, 2, 11, "retried"));
        VersionSet after = state.put(CausalContext.of(new Dot(1, 1)), version(1, 3, 12, "next"));
        assertEquals(
                List.of(new Dot(1, 3)),
                after.siblings().stream().map(Version::dot).toList());
    }

    @Test
    void replicas_that_settle_at_any_time_converge_and_never_lose_the_latest_where_the_last_write_wins() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Run run = new Run(seed, ConflictPolicy.LAST_WRITE_WINS);
            run.live(50);
            VersionSet end = run.converge();
            Version latest = run.unreplaced().reduce(run::later).orElseThrow();
            assertTrue(
                    end.siblings().stream().anyMatch(v -> v.dot().equals(latest.dot())),
                    "seed " + seed + " lost " + latest.dot() + " of " + run.made.size() + ", has " + end.siblings());
        }
    }

    @Test
    void where_siblings_are_kept_those_of_retried_writes_are_exactly_the_writes_that_no_writer_had_seen() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Run run = new Run(seed, ConflictPolicy.SIBLINGS);
            run.live(50);
            VersionSet end = run.converge().resolve(ConflictPolicy.SIBLINGS);
            assertEquals(
                    run.unreplacedWrites(),
                    end.siblings().stream().map(Run::write).sorted().toList(),
                    "seed " + seed);
        }
    }

    @Test
    void a_version_whose_clock_is_behind_is_still_later_than_what_it_replaces() {
        VersionSet first = VersionSet.EMPTY.put(CausalContext.EMPTY, version(1, 1, 1_000, "a"));
        VersionSet second = first.put(first.context(), version(2, 2, 5, "b"));
        assertEquals(1_001, second.latestTime());
    }

    private static Version version(long actor, long counter, long time, String idempotencyKey) {
        Content content = Content.value(Bytes.utf8("v" + counter), "text/plain");
        return new Version(new Dot(actor, counter), time, content.withIdempotencyKey(Bytes.utf8(idempotencyKey)));
    }

    /** Replicas that write, merge and resolve in a random order, with clocks hours apart. */
    private static final class Run {
        private record Read(CausalContext context, long time) {}

        private final Random random;
        private final ConflictPolicy policy;
        private final VersionSet[] states = new VersionSet[REPLICAS];
        private final HybridLogicalClock[] clocks = new HybridLogicalClock[REPLICAS];
        private final List<Version> made = new ArrayList<>();
        private final List<Dot> replaced = new ArrayList<>();
        private final SortedSet<String> replacedWrites = new TreeSet<>();
        private final SortedMap<String, Read> seenByWrite = new TreeMap<>();
        private long counter;

        Run(long seed, ConflictPolicy policy) {
            this.random = new Random(seed);
            this.policy = policy;
            for (int r = 0; r < REPLICAS; r++) {
                states[r] = VersionSet.EMPTY;
                clocks[r] = new HybridLogicalClock();
            }
        }

        void live(int steps) {
            put(0);
            for (int i = 0; i < steps; i++) {
                int replica = random.nextInt(REPLICAS);
                switch (random.nextInt(4)) {
                    case 0 -> put(replica);
                    case 1 -> states[replica] = states[replica].settle(policy);
                    default -> states[replica] = states[replica].absorb(states[random.nextInt(REPLICAS)]);
                }
            }
        }

        /** One that is named by its key may come again, at another replica, with the context it had. */
        private void put(int replica) {
            String key = random.nextInt(3) == 0 ? "" : "key " + random.nextInt(6);
            VersionSet shown = random.nextInt(3) == 0 ? VersionSet.EMPTY : states[random.nextInt(REPLICAS)];
            Read fresh = new Read(shown.context(), shown.latestTime());
            Read read = key.isEmpty() ? fresh : seenByWrite.computeIfAbsent(key, k -> fresh);
            VersionSet before = states[replica];
            if (isKnown(before, key)) {
                return;
            }
            long seenTime = Math.max(read.time(), before.latestTime());
            // Each clock is 2 hours ahead of the one before it: further than any follows another.
            long wallMillis = counter + replica * 2 * HybridLogicalClock.MAX_DRIFT_MILLIS;
            long time = clocks[replica].tickAfter(seenTime, wallMillis);
            Version version = version(replica + 1, ++counter, time, key);
            states[replica] = before.put(read.context(), version);
            made.stream().filter(v -> read.context().covers(v.dot())).forEach(v -> {
                replaced.add(v.dot());
                replacedWrites.add(write(v));
            });
            before.siblings().stream()
                    .filter(v -> !states[replica].siblings().contains(v))
                    .forEach(v -> replaced.add(v.dot()));
            made.add(version);
        }

        private static boolean isKnown(VersionSet state, String key) {
            Bytes bytes = Bytes.utf8(key);
            return state.replaced().find(bytes) != null
                    || !key.isEmpty()
                            && state.siblings().stream()
                                    .anyMatch(v -> v.content().idempotencyKey().equals(bytes));
        }

        /** Its key, or if it has none its own value. */
        static String write(Version version) {
            Bytes key = version.content().idempotencyKey();
            return key.isEmpty() ? version.content().value().text() : key.text();
        }

        List<String> unreplacedWrites() {
            return made.stream()
                    .map(Run::write)
                    .distinct()
                    .filter(w -> !replacedWrites.contains(w))
                    .sorted()
                    .toList();
        }

        VersionSet converge() {
            for (int round = 0; round < 3; round++) {
                for (int r = 0; r < REPLICAS; r++) {
                    for (int other = 0; other < REPLICAS; other++) {
                        states[r] = states[r].absorb(states[other]).settle(policy);
                    }
                }
            }
            for (VersionSet state : states) {
                assertEquals(states[0].context(), state.context());
                assertEquals(states[0].siblings(), state.siblings());
            }
            return states[0];
        }

        Stream<Version> unreplaced() {
            return made.stream().filter(v -> !replaced.contains(v.dot()));
        }

        Version later(Version a, Version b) {
            return a.isLaterThan(b) ? a : b;
        }
    }
}
