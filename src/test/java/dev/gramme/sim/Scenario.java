package dev.gramme.sim;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A named course of a simulation, as data.
 *
 * @param nodes how many at least and at most
 * @param replicas N
 * @param faults those that happen; none and {@code swarm}: a random subset per seed (Groce et al. 2012, "Swarm Testing")
 * @param intervalMillis durability {@code interval}, how often the log is forced; 0 for {@code sync}
 * @param faultSeconds how long faults and clients go on, before everything is healed
 * @param tight queues hold so little that requests are refused as overloaded
 * @param workloads one of them per seed
 */
record Scenario(
        String name,
        Range nodes,
        int replicas,
        Set<Fault> faults,
        boolean swarm,
        int intervalMillis,
        int faultSeconds,
        boolean tight,
        List<Workload> workloads) {

    record Range(int low, int high) {}

    private static final List<Scenario> ON_ONE_RING = List.of(
            of("calm"),
            of("crashes", Fault.CRASH),
            of("crashes on a flaky network", Fault.CRASH, Fault.DROP, Fault.DUPLICATE, Fault.DELAY, Fault.REORDER),
            of("everybody crashes at once", Fault.CRASH_ALL),
            of("disks stall, then nodes crash", Fault.STALL_AND_CRASH).with(Workload.BLIND),
            of("loners at weak quorums", Fault.ISOLATE_ONE, Fault.HALVES).with(Workload.LOOSE),
            of("one node flaps", Fault.FLAPPING).with(Workload.LOOSE).withFaultSeconds(22),
            of("fallbacks crash", Fault.FLAPPING, Fault.CRASH)
                    .with(Workload.LOOSE)
                    .withFaultSeconds(16),
            of("halves and loners", Fault.HALVES, Fault.ISOLATE_ONE),
            of("one-way links", Fault.ONE_WAY, Fault.DUPLICATE),
            of("partitions and crashes", Fault.HALVES, Fault.ISOLATE_ONE, Fault.CRASH, Fault.CLEAN_RESTART),
            of("a lost disk", Fault.LOSE_DISK, Fault.ISOLATE_ONE),
            of("disks wiped one after another", Fault.WIPE_DISKS, Fault.DUPLICATE, Fault.REORDER)
                    .withFaultSeconds(25),
            of("lost hints", Fault.LOSE_HINTS, Fault.FLAPPING).with(Workload.LOOSE),
            of("a disk rolled back", Fault.ROLL_BACK_DISK, Fault.CRASH),
            of("bits flip in files", Fault.FLIP_BELOW_CHECKSUM, Fault.CRASH).with(Workload.LOOSE),
            of("bits flip in memory", Fault.FLIP_ABOVE_CHECKSUM, Fault.ISOLATE_ONE, Fault.ROLL_BACK_DISK),
            of("a restored backup", Fault.RESTORE_BACKUP, Fault.CRASH).with(Workload.LOOSE),
            of("a backup restored after a disk was lost", Fault.RESTORE_BACKUP, Fault.LOSE_DISK, Fault.HALVES),
            of("absent for long", Fault.LONG_ABSENCE, Fault.LOSE_HINTS, Fault.DUPLICATE)
                    .withFaultSeconds(22),
            of("full disks", Fault.DISK_FULL, Fault.CLEAN_RESTART),
            of("full disks and crashes", Fault.DISK_FULL, Fault.STALL_AND_CRASH, Fault.DUPLICATE)
                    .with(Workload.LOOSE),
            of("failing forces", Fault.FORCE_FAILS, Fault.SLOW_DISK, Fault.CRASH),
            of("clocks apart", Fault.CLOCK_SKEW, Fault.CLOCK_JUMP, Fault.CRASH, Fault.HALVES),
            of("pauses", Fault.PAUSE, Fault.DELAY),
            of("pauses and clean restarts", Fault.PAUSE, Fault.CLEAN_RESTART, Fault.CRASH),
            of("duplicates and retries", Fault.DUPLICATE, Fault.REORDER, Fault.DELAY, Fault.HALVES),
            of("one replica", Fault.CRASH, Fault.DUPLICATE).withReplicas(1),
            of("five replicas", Fault.CRASH, Fault.HALVES, Fault.DELAY).withReplicas(5),
            of("full queues", Fault.DELAY, Fault.SLOW_DISK).withTightLimits(),
            of("crashes on unforced logs", Fault.CRASH, Fault.CRASH_ALL, Fault.DROP)
                    .withInterval(100),
            of("values expire", Fault.CRASH, Fault.HALVES, Fault.DELAY).with(Workload.FLEETING),
            of("values expire while clocks are apart", Fault.CLOCK_SKEW, Fault.CLOCK_JUMP, Fault.ISOLATE_ONE)
                    .with(Workload.FLEETING),
            of("deletes are forgotten", Fault.CRASH, Fault.DUPLICATE, Fault.DELAY, Fault.LATE_COPIES)
                    .with(Workload.WANING)
                    .withFaultSeconds(22),
            of("deletes are forgotten past loners", Fault.ISOLATE_ONE, Fault.FLAPPING, Fault.REORDER)
                    .with(Workload.WANING)
                    .withFaultSeconds(22),
            of("a backup restored after deletes were forgotten", Fault.RESTORE_BACKUP, Fault.CRASH)
                    .with(Workload.WANING)
                    .withFaultSeconds(22),
            of("deletes are forgotten by old disks", Fault.ROLL_BACK_DISK, Fault.CRASH, Fault.DUPLICATE)
                    .with(Workload.WANING)
                    .withFaultSeconds(22),
            of("deletes are forgotten on full disks", Fault.DISK_FULL, Fault.ROLL_BACK_DISK, Fault.CRASH)
                    .with(Workload.WANING)
                    .withFaultSeconds(22),
            of("deletes are forgotten by images put back", Fault.PUT_BACK_IMAGE, Fault.ISOLATE_ONE, Fault.DUPLICATE)
                    .with(Workload.WANING)
                    .withFaultSeconds(22));

    private static final List<Scenario> ON_CHANGING_RINGS = List.of(
            of("new addresses", Fault.NEW_ADDRESS, Fault.CRASH),
            changing("a ring grows", Fault.JOIN),
            changing("a ring shrinks", Fault.LEAVE),
            changing("a ring is weighed anew", Fault.WEIGHT),
            changing("nodes come and go", Fault.JOIN, Fault.LEAVE).with(Workload.LOOSE),
            changing("nodes come and go while nodes crash", Fault.JOIN, Fault.LEAVE, Fault.CRASH, Fault.CLEAN_RESTART),
            changing(
                    "nodes come and go on a flaky network",
                    Fault.JOIN,
                    Fault.LEAVE,
                    Fault.DROP,
                    Fault.DUPLICATE,
                    Fault.DELAY,
                    Fault.REORDER),
            changing("nodes come and go past loners", Fault.JOIN, Fault.LEAVE, Fault.ISOLATE_ONE, Fault.FLAPPING)
                    .with(Workload.LOOSE),
            changing("nodes come and go while disks stall", Fault.JOIN, Fault.LEAVE, Fault.STALL_AND_CRASH)
                    .with(Workload.BLIND),
            changing("nodes come and go on full disks", Fault.JOIN, Fault.LEAVE, Fault.DISK_FULL, Fault.SLOW_DISK),
            changing("nodes come and go past pauses", Fault.JOIN, Fault.LEAVE, Fault.PAUSE, Fault.DELAY),
            changing("everybody crashes while the ring changes", Fault.WEIGHT, Fault.JOIN, Fault.CRASH_ALL),
            changing("a dead node is replaced", Fault.REPLACE, Fault.CLEAN_RESTART),
            changing("a dead node is removed", Fault.REMOVE, Fault.WEIGHT),
            changing("a node dies while the ring changes", Fault.REPLACE, Fault.SECOND_COMMIT, Fault.CRASH),
            changing("changes are cancelled", Fault.CANCEL, Fault.ISOLATE_ONE),
            changing("changes overtake each other", Fault.SECOND_COMMIT, Fault.DELAY, Fault.SLOW_DISK),
            changing("changes on both sides", Fault.COMMIT_ON_BOTH_SIDES, Fault.CRASH),
            changing("changes on two small sides", Fault.COMMIT_ON_BOTH_SIDES)
                    .withNodes(4, 4)
                    .withFaultSeconds(30),
            changing("values expire while nodes come and go", Fault.JOIN, Fault.LEAVE)
                    .with(Workload.FLEETING),
            changing("a backup restored into another ring", Fault.RESTORE_BACKUP, Fault.JOIN, Fault.LEAVE),
            of("disks wiped where one node became five", Fault.WIPE_DISKS, Fault.DUPLICATE)
                    .withNodes(1, 1)
                    .withFaultSeconds(25),
            changing("deletes are forgotten while nodes come and go", Fault.JOIN, Fault.LEAVE, Fault.CRASH)
                    .with(Workload.WANING)
                    .withFaultSeconds(26),
            changing("deletes are forgotten far apart", Fault.FAR_APART, Fault.JOIN)
                    .with(Workload.WANING)
                    .withFaultSeconds(26),
            changing("a change and a lost disk", Fault.SECOND_COMMIT, Fault.LOSE_DISK, Fault.NEW_ADDRESS));

    static final List<Scenario> NAMED =
            Stream.concat(ON_ONE_RING.stream(), ON_CHANGING_RINGS.stream()).toList();

    /** A random subset of the faults that may be combined. */
    static final Scenario SWARM = new Scenario("swarm", new Range(3, 6), 3, Set.of(), true, 0, 12, false, Workload.ALL);

    /** Odd seeds take the named scenarios in turn, even ones a swarm. */
    static Scenario ofSeed(long seed) {
        return seed % 2 == 0 ? SWARM : NAMED.get((int) Long.remainderUnsigned(seed / 2, NAMED.size()));
    }

    /** Whether it begins with one node, and others join before clients come. */
    boolean grows() {
        return nodes.high() == 1;
    }

    /** How long an acknowledged write may be in no disk's safe part: an interval, the force that is under way, and a stall. */
    long unforcedNanos() {
        return intervalMillis == 0 ? 0 : 2 * intervalMillis * Timeline.MILLI + Timeline.SECOND / 2;
    }

    static Scenario named(String name) {
        return Stream.concat(NAMED.stream(), Stream.of(SWARM))
                .filter(s -> s.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Scenario of(String name, Fault... faults) {
        return new Scenario(name, new Range(4, 6), 3, Set.of(faults), false, 0, 12, false, List.of(Workload.MIXED));
    }

    /** Changes take their time: so does the run. */
    private static Scenario changing(String name, Fault... faults) {
        return of(name, faults).withFaultSeconds(18);
    }

    private Scenario withNodes(int low, int high) {
        return new Scenario(
                name, new Range(low, high), replicas, faults, swarm, intervalMillis, faultSeconds, tight, workloads);
    }

    private Scenario withInterval(int millis) {
        return new Scenario(name, nodes, replicas, faults, swarm, millis, faultSeconds, tight, workloads);
    }

    private Scenario withFaultSeconds(int seconds) {
        return new Scenario(name, nodes, replicas, faults, swarm, intervalMillis, seconds, tight, workloads);
    }

    private Scenario withReplicas(int n) {
        return new Scenario(
                name, new Range(n, n + 2), n, faults, swarm, intervalMillis, faultSeconds, tight, workloads);
    }

    private Scenario withTightLimits() {
        return new Scenario(name, nodes, replicas, faults, swarm, intervalMillis, faultSeconds, true, workloads);
    }

    private Scenario with(Workload workload) {
        return new Scenario(
                name, nodes, replicas, faults, swarm, intervalMillis, faultSeconds, tight, List.of(workload));
    }

    /** The faults of one run, in their natural order. */
    SortedSet<Fault> choose(Randomness random) {
        if (!swarm) {
            return new TreeSet<>(faults);
        }
        SortedSet<Fault> chosen = new TreeSet<>();
        boolean ringStays = random.chance(0.4);
        for (Fault fault : EnumSet.complementOf(
                EnumSet.of(Fault.LATE_COPIES, Fault.FAR_APART, Fault.WIPE_DISKS, Fault.PUT_BACK_IMAGE))) {
            if (random.chance(0.3) && !(ringStays && fault.compareTo(Fault.NEW_ADDRESS) >= 0)) {
                chosen.add(fault);
            }
        }
        return chosen;
    }
}
