package dev.gramme.sim;

import dev.gramme.node.ClusterAnswer;
import dev.gramme.node.ClusterCommand;
import dev.gramme.node.RingPlan;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.StagedChange;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who changes the ring, as people and orchestrators do: stages, looks at the plan, commits it at whatever member takes it, and tries again when refused. */
final class Operator {
    private static final int ATTEMPTS = 12;
    private static final long AGAIN_NANOS = Timeline.SECOND;
    private static final long PATIENCE_NANOS = 2 * Timeline.SECOND;
    private static final long LONGEST_THOUGHT_MILLIS = 400;

    /**
     * A change that is wanted.
     *
     * @param ways what to stage, tried in turn; nothing in a way where a node only has to come in
     * @param where the nodes that may be asked
     * @param over nothing is to be done any more
     */
    record Errand(List<List<ClusterCommand.Stage>> ways, Predicate<NodeId> where, BooleanSupplier over) {}

    private final World world;
    private final Timeline timeline;
    private final Randomness random;

    Operator(World world) {
        this.world = world;
        this.timeline = world.timeline();
        this.random = world.random().fork("operator");
    }

    static ClusterCommand.Stage stage(StagedChange.Kind kind, NodeId node) {
        return new ClusterCommand.Stage(kind, node, 0, null);
    }

    static ClusterCommand.Stage weight(NodeId node, int weight) {
        return new ClusterCommand.Stage(StagedChange.Kind.WEIGHT, node, weight, null);
    }

    static ClusterCommand.Stage replace(NodeId old, NodeId successor) {
        return new ClusterCommand.Stage(StagedChange.Kind.REPLACE, old, 0, successor);
    }

    void run(Errand errand) {
        attempt(errand, 0);
    }

    private void attempt(Errand errand, int number) {
        if (number == ATTEMPTS || errand.over().getAsBoolean()) {
            return;
        }
        Runnable again = () -> timeline.after(AGAIN_NANOS, () -> attempt(errand, number + 1));
        List<ClusterCommand.Stage> way =
                errand.ways().get(number % errand.ways().size());
        stageFrom(errand, way, 0, () -> plan(errand, again), again);
    }

    private void stageFrom(Errand errand, List<ClusterCommand.Stage> way, int next, Runnable then, Runnable again) {
        if (next == way.size()) {
            then.run();
            return;
        }
        ask(errand.where(), way.get(next), answer -> {
            if (answer.error().isEmpty()) {
                stageFrom(errand, way, next + 1, then, again);
            } else {
                again.run();
            }
        });
    }

    private void plan(Errand errand, Runnable again) {
        ask(errand.where(), new ClusterCommand.Plan(), answer -> {
            RingPlan plan = answer.plan();
            if (plan == null || plan.after().members().size() < world.scenario().replicas()) {
                again.run();
            } else {
                long thought = random.between(0, LONGEST_THOUGHT_MILLIS) * Timeline.MILLI;
                timeline.after(thought, () -> commit(errand, plan.id(), again));
            }
        });
    }

    private void commit(Errand errand, String plan, Runnable again) {
        if (!errand.over().getAsBoolean()) {
            ask(errand.where(), new ClusterCommand.Commit(plan), answer -> {
                if (!answer.error().isEmpty()) {
                    again.run();
                }
            });
        }
    }

    /** Whatever a member answers is taken. */
    void cancel() {
        ask(node -> true, new ClusterCommand.Cancel(), answer -> {});
    }

    /** Tells a node that knows no cluster where one is. */
    void join(SimNode newcomer) {
        List<String> seeds = world.machines().someAddresses(random);
        ask(newcomer.process(), new ClusterCommand.Join(seeds), answer -> {});
    }

    private void ask(Predicate<NodeId> where, ClusterCommand command, Consumer<ClusterAnswer> then) {
        List<NodeProcess> members =
                world.serving().stream().filter(p -> where.test(p.node())).toList();
        ask(members.isEmpty() ? null : random.pick(members), command, then);
    }

    private void ask(@Nullable NodeProcess process, ClusterCommand command, Consumer<ClusterAnswer> then) {
        if (process == null) {
            then.accept(ClusterAnswer.refused("nobody can be asked"));
            return;
        }
        process.note("is asked to " + command);
        new Once<ClusterAnswer>(
                        timeline,
                        PATIENCE_NANOS,
                        answer -> then.accept(answer == null ? ClusterAnswer.refused("no answer came") : answer))
                .run(once -> process.administer(command, once));
    }
}
