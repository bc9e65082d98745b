package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Changes a {@link RingWorld}'s ring, and breaks the world, at random; then makes it whole again and waits. */
final class RingOperator {
    static final int HEALED_WITHIN_MILLIS = 12_000;
    private static final int MOST_PROCESSES = 8;

    /** What may happen. */
    record Hazards(boolean goneForGood, boolean givenUpAlive, boolean wipedDisks, boolean fullDisks) {
        static final Hazards MILD = new Hazards(false, false, false, true);
        static final Hazards DEATHS = new Hazards(true, false, false, true);
        static final Hazards MISTAKES = new Hazards(true, true, false, false);
        static final Hazards WIPES = new Hazards(true, false, true, false);
    }

    private final RingWorld world;
    private final Hazards hazards;
    private int named;
    int commits;
    int cancels;

    RingOperator(RingWorld world, Hazards hazards) {
        this.world = world;
        this.hazards = hazards;
        this.named = world.processes.size();
        world.data.checked = !hazards.wipedDisks();
    }

    void trouble(int rounds) {
        for (int i = 0; i < rounds && world.checks.broken().isEmpty(); i++) {
            world.runFor(world.random.nextInt(120));
            breakSomething();
            changeSomething();
        }
    }

    private void breakSomething() {
        RingProcess process = world.any();
        switch (world.random.nextInt(14)) {
            case 0 -> world.split();
            case 1, 2, 3 -> world.heal();
            case 4, 5 -> crash(process);
            case 6, 7, 8, 9 -> {
                if (!process.isUp() && !process.gone) {
                    process.start();
                }
            }
            case 10 -> process.fullDiskPercent = hazards.fullDisks() ? world.random.nextInt(90) : 0;
            case 11 -> world.lossPercent = world.random.nextInt(40);
            default -> {
                // A quiet moment.
            }
        }
    }

    private void crash(RingProcess process) {
        if (!process.isUp()) {
            return;
        }
        boolean othersWell = canSpareOne();
        process.crash();
        if (hazards.wipedDisks() && world.random.nextInt(3) == 0) {
            process.wipe();
            world.checks.probe("a disk was wiped");
        }
        if (hazards.goneForGood() && othersWell && world.random.nextInt(3) == 0) {
            process.gone = true;
        } else if (world.random.nextBoolean()) {
            process.start();
        }
    }

    /**
     * With W=2 two members that are gone may take a write with them, and in a ring of fewer than N nothing is copied when one goes: that is lost by the operator,
     * not by the agreement.
     */
    private boolean canSpareOne() {
        return world.processes.values().stream()
                .allMatch(p -> (!p.gone && !p.givenUp || !isNeededStill(p.id))
                        && (!p.isUp()
                                || p.topology().settled().version() == 0
                                || Math.min(
                                                p.topology().settled().members().size(),
                                                p.topology().latest().members().size())
                                        > RingWorld.REPLICAS));
    }

    private boolean isNeededStill(NodeId id) {
        return world.processes.values().stream()
                .anyMatch(p -> p.isUp() && p.topology().members().contains(id));
    }

    private void changeSomething() {
        RingProcess at = world.anyUp();
        if (at == null || world.random.nextInt(3) > 0) {
            return;
        }
        NodeId node = world.any().id;
        switch (world.random.nextInt(9)) {
            case 0 -> {
                if (world.processes.size() < MOST_PROCESSES) {
                    world.add(++named);
                }
            }
            case 1 -> stage(at, StagedChange.Kind.LEAVE, node, null);
            case 2 ->
                at.does(new ClusterCommand.Stage(StagedChange.Kind.WEIGHT, node, 50 + world.random.nextInt(200), null));
            case 3 -> giveUp(at, node);
            case 4 -> cancel(at);
            case 5 -> rivals();
            case 6 -> giveUpOneThatIsCutOff();
            default -> commit(at);
        }
    }

    /** An error: it lives, on the other side of a cut, where somebody commits a rival without knowing. */
    private void giveUpOneThatIsCutOff() {
        RingProcess lost = world.any();
        RingProcess at = world.anyUp();
        boolean possible = lost.isUp() && at != null && at != lost && !lost.givenUp && isNeededStill(lost.id);
        if (!hazards.givenUpAlive() || !possible || at == null || !canSpareOne()) {
            return;
        }
        world.isolate(lost.id);
        world.heldDead.add(lost.id);
        lost.givenUp = true;
        stage(at, StagedChange.Kind.REMOVE, lost.id, null);
        commit(at);
        world.heldDead.remove(lost.id);
        for (int i = 0; i < 4; i++) {
            weigh(lost);
            commit(lost);
        }
        world.runFor(world.random.nextInt(500));
        world.heal();
        world.checks.probe("a rival came from a member that is given up");
    }

    private void weigh(RingProcess at) {
        int weight = 50 + world.random.nextInt(200);
        at.does(new ClusterCommand.Stage(StagedChange.Kind.WEIGHT, world.any().id, weight, null));
    }

    /** Two operators who do not know of each other. */
    private void rivals() {
        for (int i = 0; i < 2; i++) {
            RingProcess at = world.anyUp();
            if (at != null) {
                weigh(at);
                world.runFor(world.random.nextInt(60));
                if (at.isUp()) {
                    commit(at);
                }
            }
        }
    }

    private void stage(RingProcess at, StagedChange.Kind kind, NodeId node, @Nullable NodeId successor) {
        at.does(new ClusterCommand.Stage(kind, node, 0, successor));
    }

    private void giveUp(RingProcess at, NodeId any) {
        RingProcess node = world.processes.values().stream()
                .filter(p -> p.gone && isNeededStill(p.id))
                .findFirst()
                .orElse(world.processes.getOrDefault(any, at));
        if (!node.gone && (!hazards.givenUpAlive() || node.isUp() || node.givenUp || !canSpareOne())) {
            return;
        }
        node.givenUp = true;
        List<NodeId> spare = world.processes.values().stream()
                .filter(p -> p.isUp() && !isNeededStill(p.id))
                .map(p -> p.id)
                .toList();
        if (!spare.isEmpty() && world.random.nextBoolean()) {
            stage(at, StagedChange.Kind.REPLACE, node.id, spare.get(0));
        } else {
            stage(at, StagedChange.Kind.REMOVE, node.id, null);
        }
        commit(at);
    }

    private void cancel(RingProcess at) {
        if (at.does(new ClusterCommand.Cancel()).error().isEmpty()) {
            cancels++;
        }
    }

    private void commit(RingProcess at) {
        ClusterAnswer planned = at.does(new ClusterCommand.Plan());
        RingPlan plan = planned.plan();
        if (plan != null) {
            ClusterAnswer answer = at.does(new ClusterCommand.Commit(plan.id()));
            commits += answer.error().isEmpty() ? 1 : 0;
            if (plan.warnings().stream().anyMatch(warning -> warning.contains("without waiting for"))) {
                world.checks.probe("a member was excluded from a locked change");
            }
        }
    }

    /** @return empty, or how the members still differ when the time is over */
    String convergence() {
        world.heal();
        world.lossPercent = 5;
        world.processes.values().forEach(process -> {
            process.fullDiskPercent = 0;
            if (!process.isUp() && !process.gone) {
                process.start();
            }
        });
        String difference = "";
        for (int waited = 0;
                waited < HEALED_WITHIN_MILLIS && world.checks.broken().isEmpty();
                waited += 200) {
            world.runFor(200);
            difference = difference();
            if (difference.isEmpty()) {
                return "";
            }
            if (waited % 1_000 == 800) {
                removeTheGone();
            }
        }
        return difference;
    }

    private void removeTheGone() {
        for (RingProcess gone : world.processes.values()) {
            RingProcess at = world.anyUp();
            if (gone.gone && at != null && at.topology().needed().contains(gone.id)) {
                gone.givenUp = true;
                if (!at.does(new ClusterCommand.Plan()).error().isEmpty()) {
                    cancel(at);
                }
                stage(at, StagedChange.Kind.REMOVE, gone.id, null);
                commit(at);
            }
        }
    }

    private String difference() {
        TreeSet<String> rings = new TreeSet<>();
        List<String> changing = new ArrayList<>();
        for (RingProcess process : world.processes.values()) {
            if (process.isUp()) {
                Topology topology = process.topology();
                rings.add(
                        topology.settled().version() + "/" + topology.settled().hash());
                if (topology.proposal() != null) {
                    changing.add(process.id + " " + topology.phase() + " "
                            + topology.proposal().id() + " "
                            + process.keeper()
                                    .status(process.records(), world.liveness(), world.now())
                                    .waitingFor());
                }
            }
        }
        return rings.size() == 1 && changing.isEmpty() ? "" : rings + " " + changing;
    }
}
