package dev.gramme.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
    void replicas_that_resolve_at_any_time_under_either_policy_converge_and_never_lose_the_latest() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Run run = new Run(seed);
            run.live(50);
            VersionSet end = run.converge();
            assertFalse(end.siblings().isEmpty(), "seed " + seed + " lost every version");
            Version latest = run.unreplaced().reduce(run::later).orElseThrow();
            assertTrue(
                    end.siblings().stream().anyMatch(v -> v.dot().equals(latest.dot())),
                    "seed " + seed + " lost " + latest.dot() + " of " + run.made.size() + ", has " + end.siblings());
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
        private final VersionSet[] states = new VersionSet[REPLICAS];
        private final HybridLogicalClock[] clocks = new HybridLogicalClock[REPLICAS];
        private final List<Version> made = new ArrayList<>();
        private final List<Dot> replaced = new ArrayList<>();
        private long counter;

        Run(long seed) {
            random = new Random(seed);
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
                    case 1 -> states[replica] = states[replica].resolve(policy());
                    default -> states[replica] = states[replica].merge(states[random.nextInt(REPLICAS)]);
                }
            }
        }

        private ConflictPolicy policy() {
            return random.nextBoolean() ? ConflictPolicy.SIBLINGS : ConflictPolicy.LAST_WRITE_WINS;
        }

        private void put(int replica) {
            VersionSet read = random.nextInt(3) == 0 ? VersionSet.EMPTY : states[random.nextInt(REPLICAS)];
            VersionSet before = states[replica];
            long seenTime = Math.max(read.latestTime(), before.latestTime());
            // Each clock is 2 hours ahead of the one before it: further than any follows another.
            long wallMillis = counter + replica * 2 * HybridLogicalClock.MAX_DRIFT_MILLIS;
            long time = clocks[replica].tickAfter(seenTime, wallMillis);
            String key = random.nextInt(3) == 0 ? "" : "key " + random.nextInt(6);
            Version version = version(replica + 1, ++counter, time, key);
            states[replica] = before.put(read.context(), version);
            made.stream().filter(v -> read.context().covers(v.dot())).forEach(v -> replaced.add(v.dot()));
            before.siblings().stream()
                    .filter(v -> !states[replica].siblings().contains(v))
                    .forEach(v -> replaced.add(v.dot()));
            made.add(version);
        }

        VersionSet converge() {
            for (int round = 0; round < 3; round++) {
                for (int r = 0; r < REPLICAS; r++) {
                    for (int other = 0; other < REPLICAS; other++) {
                        states[r] = states[r].merge(states[other]).resolve(ConflictPolicy.SIBLINGS);
                    }
                }
            }
            for (VersionSet state : states) {
                assertEquals(states[0], state);
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
