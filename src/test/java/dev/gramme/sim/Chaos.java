package dev.gramme.sim;

import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Brings the chosen faults over a world, in episodes, until it is told to heal everything. */
final class Chaos {
    private static final long LONGEST_PAUSE_NANOS = 9 * Timeline.SECOND;

    /** Long enough that deletes that it holds are forgotten. */
    private static final long IMAGE_AGE_NANOS = 9 * Timeline.SECOND;

    private static final int RESTORES_WHILE_COLLECTING = 4;
    private static final long LONGEST_ABSENCE_NANOS = 15 * Timeline.SECOND;

    private final World world;
    private final Timeline timeline;
    private final Randomness random;
    private final SortedSet<Fault> faults;
    private final RingChaos ring;
    private boolean healed;

    Chaos(World world, SortedSet<Fault> faults) {
        this.world = world;
        this.timeline = world.timeline();
        this.random = world.random().fork("chaos");
        this.faults = faults;
        this.ring = new RingChaos(world, () -> healed);
    }

    RingChaos ring() {
        return ring;
    }

    void begin() {
        world.trace().note(timeline.nowNanos(), "*** faults " + faults);
        world.network()
                .weather(new Weather(
                        faults.contains(Fault.DROP) ? random.unit() * 0.05 : 0,
                        faults.contains(Fault.DUPLICATE) ? random.unit() * 0.2 : 0,
                        faults.contains(Fault.DELAY) ? random.unit() * 0.1 : 0,
                        random.between(1, 800) * Timeline.MILLI,
                        faults.contains(Fault.REORDER),
                        random.unit(),
                        faults.contains(Fault.LATE_COPIES) ? random.unit() * 0.2 : 0,
                        faults.contains(Fault.FAR_APART)));
        if (faults.contains(Fault.CLOCK_SKEW)) {
            world.nodes().forEach(n -> n.clock().skew(random.between(-30_000, 30_000), 0.99 + random.unit() * 0.02));
        }
        for (Fault fault : faults) {
            // Fork per fault: taking one away leaves the others' episodes where they were.
            Randomness dice = random.fork("episodes of " + fault);
            if (fault == Fault.FLAPPING) {
                flap(new Cut(someNodes(dice, 1), false), dice);
            } else {
                episode(fault, dice);
            }
        }
    }

    private void flap(Cut cut, Randomness dice) {
        timeline.after(dice.between(500, 1_500) * Timeline.MILLI, () -> {
            if (!healed) {
                long nanos = dice.between(3_000, 5_000) * Timeline.MILLI;
                cut(cut, nanos);
                if (faults.contains(Fault.CRASH)) {
                    SimNode alone = world.node(cut.side().first());
                    timeline.after(nanos - dice.exponential(nanos / 4), () -> crashFor(alone, nanos / 10));
                }
                timeline.after(nanos, () -> flap(cut, dice));
            }
        });
    }

    private void episode(Fault fault, Randomness dice) {
        timeline.after(dice.exponential(3 * Timeline.SECOND), () -> {
            if (!healed) {
                long nanos = 100 * Timeline.MILLI + dice.exponential(3 * Timeline.SECOND);
                strike(fault, dice, nanos);
                timeline.after(nanos, () -> episode(fault, dice));
            }
        });
    }

    private void strike(Fault fault, Randomness dice, long nanos) {
        SimNode node = dice.pick(world.nodes());
        switch (fault) {
            case DROP, DUPLICATE, DELAY, REORDER, LATE_COPIES, FAR_APART, CLOCK_SKEW, FLAPPING -> {}
            case HALVES -> cut(new Cut(someNodes(dice, world.nodes().size() / 2), false), nanos);
            case ISOLATE_ONE -> cut(new Cut(someNodes(dice, 1), false), nanos);
            case ONE_WAY -> cut(new Cut(someNodes(dice, 1 + dice.below(2)), true), nanos);
            case CRASH -> untilHealed(nanos, node::crash, node::start);
            case STALL_AND_CRASH -> stallAndCrash(node, dice.between(0, 300) * Timeline.MILLI, nanos / 4);
            case CRASH_ALL -> {
                long stall = dice.between(0, 300) * Timeline.MILLI;
                world.nodes().forEach(n -> stallAndCrash(n, stall, dice.exponential(nanos / 2)));
            }
            case CLEAN_RESTART -> untilHealed(nanos, node::stopCleanly, node::start);
            case LOSE_DISK -> {
                if (!world.history().anyDiskLost()) {
                    untilHealed(nanos, node::loseDisk, node::start);
                }
            }
            case WIPE_DISKS -> {
                if (world.isMended()) {
                    untilHealed(nanos, node::loseDisk, node::start);
                }
            }
            case LOSE_HINTS -> {
                if (!world.history().anyDiskLost()) {
                    untilHealed(nanos, node::loseHints, node::start);
                }
            }
            case ROLL_BACK_DISK -> {
                if (!world.history().anyDiskLost()) {
                    node.remember();
                    timeline.after(nanos, () -> rollBack(node, nanos));
                }
            }
            case PUT_BACK_IMAGE -> {
                if (!world.history().anyDiskLost()) {
                    untilHealed(nanos / 4, node::stopForImage, node::start);
                    timeline.after(nanos / 4 + IMAGE_AGE_NANOS, () -> putBack(node, nanos));
                }
            }
            case FLIP_BELOW_CHECKSUM -> {
                boolean isAnyBad =
                        world.nodes().stream().anyMatch(n -> n.disk().bad().isAny());
                if (!isAnyBad && !world.history().anyDiskLost()) {
                    Flips.belowTheChecksum(node, dice);
                }
            }
            case FLIP_ABOVE_CHECKSUM -> Flips.aboveTheChecksum(node, dice);
            case RESTORE_BACKUP -> {
                SimBackup backup = new SimBackup(world, dice, () -> healed);
                backup.make();
                timeline.after(nanos + Timeline.SECOND, () -> restore(backup));
                if (world.isCollecting()) {
                    // Again as deletes of that time are forgotten, one after the other.
                    for (int i = 2; i <= RESTORES_WHILE_COLLECTING; i++) {
                        timeline.after(nanos + i * Timeline.SECOND, () -> restore(backup));
                    }
                }
            }
            case LONG_ABSENCE -> {
                world.struck(Struck.LONG_ABSENT);
                untilHealed(LONGEST_ABSENCE_NANOS, node::crash, node::start);
            }
            case DISK_FULL -> untilHealed(nanos, node::fillDisk, node::emptyDisk);
            case FORCE_FAILS -> untilHealed(nanos, () -> node.disk().breakAtNextForce(), node::start);
            case SLOW_DISK -> {
                List<SimNode> slow = dice.chance(0.5) ? List.of(node) : world.nodes();
                untilHealed(
                        nanos,
                        () -> slow.forEach(n -> n.disk().slowdown(dice.between(5, 100))),
                        () -> slow.forEach(n -> n.disk().slowdown(1)));
            }
            case CLOCK_JUMP -> {
                // Now and then further than another node's clock may follow (HybridLogicalClock.MAX_DRIFT_MILLIS).
                long farthestMillis = dice.chance(0.2) ? 3 * 3_600_000 : 600_000;
                jump(node, dice.between(-farthestMillis, farthestMillis));
            }
            case PAUSE -> untilHealed(Math.min(nanos, LONGEST_PAUSE_NANOS), node::pause, node::resume);
            case NEW_ADDRESS -> {
                node.moveHouse();
                untilHealed(nanos / 4, node::stopCleanly, node::start);
            }
            case JOIN -> ring.join(dice);
            case LEAVE -> ring.leave(dice);
            case WEIGHT -> ring.weigh(dice);
            case REPLACE -> ring.die(dice, true);
            case REMOVE -> ring.die(dice, false);
            case CANCEL -> ring.changeAndCancel(dice);
            case SECOND_COMMIT -> ring.changeAndChangeAgain(dice);
            case COMMIT_ON_BOTH_SIDES -> {
                Cut halves = new Cut(someNodes(dice, world.nodes().size() / 2), false);
                cut(halves, 2 * nanos);
                ring.onBothSides(halves, dice);
            }
        }
    }

    private void rollBack(SimNode node, long downNanos) {
        if (!healed && !world.history().anyDiskLost() && !world.machines().isGone(node.id())) {
            untilHealed(downNanos, node::rollBack, node::start);
        }
    }

    private void putBack(SimNode node, long downNanos) {
        if (!healed && !world.history().anyDiskLost() && node.hasImage()) {
            untilHealed(downNanos, node::putBackImage, node::start);
        }
    }

    private void restore(SimBackup backup) {
        if (!healed) {
            backup.restore();
        }
    }

    private void stallAndCrash(SimNode node, long stallNanos, long downNanos) {
        node.disk().stall(stallNanos + Timeline.MILLI);
        timeline.after(stallNanos, () -> crashFor(node, downNanos));
    }

    private void crashFor(SimNode node, long downNanos) {
        if (!healed) {
            untilHealed(downNanos, node::crash, node::start);
        }
    }

    private void jump(SimNode node, long millis) {
        node.note("has its wall clock jump by " + millis + " ms");
        node.clock().jump(millis);
    }

    private void cut(Cut cut, long nanos) {
        untilHealed(
                nanos,
                () -> {
                    world.trace()
                            .note(
                                    timeline.nowNanos(),
                                    "*** cut off" + (cut.oneWay() ? " one way: " : ": ") + cut.side());
                    world.network().cut(cut);
                },
                () -> {
                    world.trace().note(timeline.nowNanos(), "*** mended: " + cut.side());
                    world.network().mend(cut);
                });
    }

    private void untilHealed(long nanos, Runnable begin, Runnable end) {
        world.disturbed();
        begin.run();
        timeline.after(nanos, () -> {
            if (!healed) {
                world.disturbed();
                end.run();
            }
        });
    }

    private SortedSet<NodeId> someNodes(Randomness dice, int count) {
        List<SimNode> nodes = new ArrayList<>(world.nodes());
        dice.shuffle(nodes);
        SortedSet<NodeId> some = new TreeSet<>();
        nodes.subList(0, count).forEach(n -> some.add(n.id()));
        return some;
    }

    /** Everything is up and perfect from now on; clocks may stay apart. */
    void heal() {
        healed = true;
        world.trace().note(timeline.nowNanos(), "*** healed");
        world.disturbed();
        world.network().weather(world.network().weather().cleared());
        List.copyOf(world.network().cuts()).forEach(world.network()::mend);
        for (SimNode node : world.nodes()) {
            node.resume();
            node.disk().mend();
            node.emptyDisk();
            node.start();
        }
    }
}
