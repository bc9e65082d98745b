package dev.gramme.sim;

import dev.gramme.node.Event;
import dev.gramme.sim.history.Bucket;
import dev.gramme.sim.history.Checker;
import dev.gramme.sim.history.DotsAreUnique;
import dev.gramme.sim.history.FinalKey;
import dev.gramme.sim.history.History;
import dev.gramme.sim.history.Read;
import dev.gramme.sim.history.Write;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run: start a cluster, let clients and faults loose on it, heal everything, and demand that it converges; then hold what happened
 * against every promise (after FoundationDB and TigerBeetle: first safety, then heal and demand progress).
 */
final class Simulation {
    private static final long WARM_UP_NANOS = 3 * Timeline.SECOND;
    private static final long DRAIN_NANOS = 6 * Timeline.SECOND;
    private static final long SETTLE_NANOS = Timeline.SECOND;
    private static final int MAX_FINDINGS = 6;
    private static final int WHOLE_AFTER_SECONDS = 20;
    private static final int GROWN = 5;
    private static final long GROWTH_NANOS = 10 * Timeline.SECOND;

    /**
     * How a run ended.
     *
     * @param findings broken promises, in words; none if all were kept
     * @param hash of everything that happened
     * @param events how much that was
     * @param acknowledged writes
     * @param owed requests that had to succeed, because enough nodes could be reached
     */
    record Verdict(
            long seed,
            String scenario,
            SortedSet<Fault> faults,
            List<String> findings,
            long hash,
            long events,
            int acknowledged,
            int owed,
            Map<Probe, Long> probes,
            Map<Struck, Long> struck) {
        /** For a failing test: what was found, and how to look at it again. */
        String told() {
            return "seed " + seed + " (" + scenario + ", faults " + faults + "):\n  " + String.join("\n  ", findings)
                    + "\nTo see everything that happened: mvn test -Dtest=SimulationTest -Dsimulation.seed=" + seed;
        }
    }

    private final long seed;
    private final World world;
    private final SortedSet<Fault> faults;
    private final List<Client> clients = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();

    private Simulation(long seed, Scenario scenario, Tampering tampering, Trace trace) {
        this.seed = seed;
        this.world = new World(scenario, seed, tampering, trace);
        this.faults = scenario.choose(world.random().fork("faults"));
    }

    static Verdict run(long seed, Tampering tampering, @Nullable Consumer<String> lines) {
        return run(seed, Scenario.ofSeed(seed), tampering, lines);
    }

    static Verdict run(long seed, Scenario scenario, Tampering tampering, @Nullable Consumer<String> lines) {
        Simulation simulation = new Simulation(seed, scenario, tampering, new Trace(lines));
        try {
            simulation.live();
        } catch (RuntimeException e) {
            String at = History.seconds(simulation.world.timeline().nowNanos());
            simulation.findings.addFirst("the node or the simulator broke at " + at + ": " + e + stack(e));
            simulation.judge(new DotsAreUnique(), List.of());
        }
        return simulation.verdict();
    }

    private void live() {
        Chaos chaos = new Chaos(world, faults);
        world.nodes().forEach(SimNode::start);
        pass(WARM_UP_NANOS);
        if (world.scenario().grows()) {
            chaos.ring().growTo(GROWN, world.random().fork("growth"));
            pass(GROWTH_NANOS);
        }
        setUpBuckets();
        pass(SETTLE_NANOS);
        awaitWhole();
        for (int i = 0; i < world.workload().clients(); i++) {
            Client client = new Client(world, i + 1);
            clients.add(client);
            client.begin();
        }
        chaos.begin();
        pass(world.scenario().faultSeconds() * Timeline.SECOND);
        chaos.heal();
        pass(SETTLE_NANOS);
        clients.forEach(Client::finish);
        pass(DRAIN_NANOS);
        findings.addAll(new Convergence(world, chaos.ring()).await());
        world.transfers().ringSettled();
        world.readability().converged();
        List<FinalKey> keys = new LastReads(world).read();
        judge(keys);
    }

    /** New disks lack everything: until the nodes have compared them strict reads are refused. */
    private void awaitWhole() {
        for (int i = 0; i < WHOLE_AFTER_SECONDS && !world.isMended(); i++) {
            pass(Timeline.SECOND);
        }
    }

    private void setUpBuckets() {
        BucketProperties properties = new BucketProperties(
                Bucket.LAST_WRITE_WINS, ConflictPolicy.LAST_WRITE_WINS, world.bucketQuorum(), world.bucketQuorum(), 0);
        SimNode first = world.nodes().getFirst();
        if (first.process() != null) {
            first.process().post(new Event.SetBucket(1, properties));
        }
    }

    private void judge(List<FinalKey> keys) {
        Stream.of(
                        world.history().forgotten().findings(),
                        world.promises().findings(),
                        world.readability().findings(),
                        world.transfers().findings(),
                        world.admittedWork().findings(),
                        world.rings().findings())
                .forEach(found -> found.stream().limit(MAX_FINDINGS).forEach(findings::add));
        for (Checker checker : Checker.ALL) {
            judge(checker, keys);
        }
    }

    private void judge(Checker checker, List<FinalKey> keys) {
        List<String> found = checker.violations(world.history(), keys);
        found.stream().limit(MAX_FINDINGS).forEach(f -> findings.add(checker.name() + ": " + f));
    }

    /** What only shows in what the clients did. */
    private void countWhatStruckClients() {
        History history = world.history();
        for (Read read : history.reads()) {
            if (read.outcome() instanceof GetOutcome.Read answer
                    && answer.shown().siblings().size()
                            < answer.versions().siblings().size()) {
                world.struck(Struck.EXPIRED_VALUE_HIDDEN);
            }
        }
        for (Write write : history.writes()) {
            if (!write.delete()
                    && write.acknowledged()
                    && write.seen().writes().stream()
                            .anyMatch(seen -> history.writes().get(seen).delete())) {
                world.struck(Struck.DELETED_KEY_WRITTEN_AGAIN);
            }
        }
    }

    private void pass(long nanos) {
        world.timeline().runUntil(world.timeline().nowNanos() + nanos);
    }

    private Verdict verdict() {
        countWhatStruckClients();
        long acknowledged =
                world.history().writes().stream().filter(Write::acknowledged).count();
        long owed = world.history().writes().stream()
                        .flatMap(w -> w.attempts().stream())
                        .filter(Write.Attempt::owed)
                        .count()
                + world.history().reads().stream().filter(Read::owed).count();
        return new Verdict(
                seed,
                world.scenario().name(),
                faults,
                findings,
                world.trace().hash(),
                world.trace().events(),
                (int) acknowledged,
                (int) owed,
                world.probes(),
                world.struck());
    }

    private static String stack(RuntimeException e) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getClassName().startsWith("dev.gramme") && text.length() < 1_000) {
                text.append("\n      at ").append(frame);
            }
        }
        return text.toString();
    }
}
