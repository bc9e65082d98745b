package dev.gramme.sim;

import dev.gramme.node.ClusterCommand;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.sim.history.History;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Changes of the ring, at bad moments too. At least N members stay. */
final class RingChaos {
    private static final List<Integer> WEIGHTS = List.of(50, 100, 150, 200, 400);
    private static final long LOOK_NANOS = 20 * Timeline.MILLI;
    private static final int LOOKS = 400;
    private static final Predicate<NodeId> ANYWHERE = node -> true;

    private final World world;
    private final Timeline timeline;
    private final Operator operator;
    private final BooleanSupplier healed;
    private final SortedSet<NodeId> leaving = new TreeSet<>();
    private final SortedMap<NodeId, SimNode> successors = new TreeMap<>();
    private long mournedNanos;

    RingChaos(World world, BooleanSupplier healed) {
        this.world = world;
        this.timeline = world.timeline();
        this.operator = new Operator(world);
        this.healed = healed;
    }

    void join(Randomness dice) {
        join(dice, ANYWHERE);
    }

    /** Adds so many machines to the first one that there are {@code count}, before anybody asks for anything. */
    void growTo(int count, Randomness dice) {
        while (world.nodes().size() < count) {
            SimNode newcomer = world.machines().add(dice);
            newcomer.start();
            timeline.after(Timeline.SECOND, () -> run(List.of(), ANYWHERE, () -> isIn(newcomer.id())));
        }
    }

    void leave(Randomness dice) {
        leave(dice, ANYWHERE);
    }

    void weigh(Randomness dice) {
        weigh(dice, ANYWHERE);
    }

    void changeAndCancel(Randomness dice) {
        anything(dice, ANYWHERE);
        whenUnderWay(LOOKS, () -> timeline.after(dice.exponential(300 * Timeline.MILLI), operator::cancel));
    }

    void changeAndChangeAgain(Randomness dice) {
        anything(dice, ANYWHERE);
        whenUnderWay(
                LOOKS, () -> timeline.after(dice.exponential(300 * Timeline.MILLI), () -> anything(dice, ANYWHERE)));
    }

    /** Different changes at both sides of a cut. */
    void onBothSides(Cut cut, Randomness dice) {
        timeline.after(dice.between(0, 3_000) * Timeline.MILLI, () -> anything(dice, cut.side()::contains));
        timeline.after(
                dice.between(0, 3_000) * Timeline.MILLI,
                () -> anything(dice, n -> !cut.side().contains(n)));
    }

    private void anything(Randomness dice, Predicate<NodeId> where) {
        switch (dice.below(4)) {
            case 0 -> join(dice, where);
            case 1 -> leave(dice, where);
            default -> weigh(dice, where);
        }
    }

    private void join(Randomness dice, Predicate<NodeId> where) {
        if (healed.getAsBoolean() || !world.machines().isRoom()) {
            return;
        }
        SimNode newcomer = world.machines().add(dice);
        if (dice.chance(0.3)) {
            newcomer.withoutSeeds();
            timeline.after(dice.between(10, 1_000) * Timeline.MILLI, () -> operator.join(newcomer));
        }
        newcomer.start();
        timeline.after(
                dice.between(200, 2_000) * Timeline.MILLI, () -> run(List.of(), where, () -> isIn(newcomer.id())));
    }

    private void leave(Randomness dice, Predicate<NodeId> where) {
        List<NodeId> members = new ArrayList<>(world.rings().settled().members().keySet());
        members.removeAll(leaving);
        members.removeAll(world.machines().gone());
        if (healed.getAsBoolean() || members.size() <= world.scenario().replicas()) {
            return;
        }
        NodeId leaver = dice.pick(members);
        leaving.add(leaver);
        run(List.of(Operator.stage(StagedChange.Kind.LEAVE, leaver)), where, () -> !isIn(leaver));
        boolean staysOn = dice.chance(0.3);
        if (!staysOn) {
            takeAwayWhenEmpty(world.node(leaver));
        }
    }

    /** As told to people: a node that has left may be switched off when it holds nothing any more. */
    private void takeAwayWhenEmpty(SimNode leaver) {
        timeline.after(Timeline.SECOND, () -> {
            NodeProcess process = leaver.process();
            if (process != null
                    && process.topology().settled().version() > 1
                    && !isIn(leaver.id())
                    && leaver.disk().durable().isEmpty()
                    && leaver.disk().visible().isEmpty()) {
                world.machines().destroy(leaver);
            } else if (!world.machines().isGone(leaver.id())) {
                takeAwayWhenEmpty(leaver);
            }
        });
    }

    private void weigh(Randomness dice, Predicate<NodeId> where) {
        List<NodeId> members = new ArrayList<>(world.rings().settled().members().keySet());
        NodeId member = dice.pick(members);
        int weight = dice.pick(WEIGHTS);
        Ring before = world.rings().settled();
        run(
                List.of(Operator.weight(member, weight)),
                where,
                () -> world.rings().settled().version() > before.version());
    }

    /** A member is gone with its disk; once in a run, for nobody promises anything of what only two disks held if both are gone. */
    void die(Randomness dice, boolean isReplaced) {
        Ring ring = world.rings().settled();
        if (healed.getAsBoolean() || world.history().anyDiskLost()) {
            return;
        }
        SimNode dead = world.node(dice.pick(new ArrayList<>(ring.members().keySet())));
        if (world.machines().isGone(dead.id())) {
            return;
        }
        world.disturbed();
        world.history().befell(dead.id(), History.Mishap.LOST_DISK, timeline.nowNanos());
        world.machines().destroy(dead);
        bury(
                dead,
                isReplaced
                        || ring.members().size() - leaving.size()
                                <= world.scenario().replicas());
    }

    /** A change that waits for the dead and can't be taken back any more is completed without them first: so says the refusal. */
    private void bury(SimNode dead, boolean isReplaced) {
        List<ClusterCommand.Stage> removed = List.of(Operator.stage(StagedChange.Kind.REMOVE, dead.id()));
        List<List<ClusterCommand.Stage>> ways = new ArrayList<>();
        if (isReplaced) {
            SimNode successor = successors.computeIfAbsent(dead.id(), id -> {
                RingMember ring = world.rings().settled().members().getOrDefault(id, dead.claim());
                return world.machines().addLike(ring);
            });
            successor.start();
            ways.add(List.of(Operator.replace(dead.id(), successor.id())));
        }
        ways.add(removed);
        mournedNanos = timeline.nowNanos();
        operator.run(new Operator.Errand(ways, ANYWHERE, () -> !isWaitedFor(dead.id())));
    }

    /** After everything was healed: whoever is gone for good must be out of the ring. To be asked again and again until none is in it. */
    void buryTheDead() {
        for (NodeId gone : world.machines().gone()) {
            if (isWaitedFor(gone) && timeline.nowNanos() - mournedNanos > 15 * Timeline.SECOND) {
                int members = world.rings().settled().members().size();
                bury(world.node(gone), members <= world.scenario().replicas() || successors.containsKey(gone));
            }
        }
    }

    /** Whether any member takes it for one that will stay, or a change for one that has to go along. */
    private boolean isWaitedFor(NodeId id) {
        return isIn(id)
                || world.serving().stream().anyMatch(p -> p.topology().needed().contains(id));
    }

    /** Whether any member takes it for one that will stay. */
    boolean isIn(NodeId id) {
        return world.serving().stream()
                .anyMatch(p -> p.topology().latest().members().containsKey(id));
    }

    private void whenUnderWay(int looks, Runnable then) {
        if (world.serving().stream().anyMatch(p -> p.topology().target() != null)) {
            then.run();
        } else if (looks > 0) {
            timeline.after(LOOK_NANOS, () -> whenUnderWay(looks - 1, then));
        }
    }

    private void run(List<ClusterCommand.Stage> stages, Predicate<NodeId> where, BooleanSupplier done) {
        operator.run(new Operator.Errand(List.of(stages), where, () -> healed.getAsBoolean() || done.getAsBoolean()));
    }
}
