package dev.gramme.membership;

import dev.gramme.membership.SwimWorld.Conditions;
import dev.gramme.membership.SwimWorld.Node;
import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How fast crashes are found and told, how often healthy members are taken for dead, and what that costs, in a simulated cluster. {@link #main} prints the
 * table of ARCHITECTURE.md; all times in protocol periods.
 */
final class DetectionFigures {
    private static final long WARM_UP_MILLIS = 3_000;
    private static final long CRASHES_APART_MILLIS = 250;
    private static final long PATIENCE_MILLIS = 40_000;

    /**
     * Of crashes.
     *
     * @param suspected until the first member suspects
     * @param down until the first member holds it down
     * @param everywhere until every member holds it down
     */
    record Detection(List<Double> suspected, List<Double> down, List<Double> everywhere) {
        static double median(List<Double> values) {
            return quantile(values, 0.5);
        }

        static double quantile(List<Double> values, double share) {
            List<Double> sorted = values.stream().sorted().toList();
            return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
        }
    }

    /**
     * Of members that all live.
     *
     * @param suspicions of members that are not slow
     * @param downs of members that are not slow, each counted once for each incarnation that anybody held down
     * @param nodeMinutes for which that was watched
     */
    record FalseAlarms(int suspicions, int downs, double nodeMinutes) {
        double downsPerNodeHour() {
            return 60 * downs / nodeMinutes;
        }

        double suspicionsPerNodeHour() {
            return 60 * suspicions / nodeMinutes;
        }
    }

    /** Of one node, in a second. */
    record Load(double messages, double bytes) {}

    private static final class Victim {
        final NodeId id;
        long crashed;
        long suspected = -1;
        long down = -1;
        long everywhere = -1;
        final Set<NodeId> told = new HashSet<>();

        Victim(NodeId id) {
            this.id = id;
        }
    }

    private DetectionFigures() {}

    static Detection crashes(int size, Conditions conditions, int runs, int victimsPerRun, long seed) {
        double period = conditions.timings().periodMillis() * (double) SwimWorld.MILLI;
        Detection found = new Detection(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int run = 0; run < runs; run++) {
            for (Victim victim : crash(size, conditions, victimsPerRun, seed + run)) {
                found.suspected().add((victim.suspected - victim.crashed) / period);
                found.down().add((victim.down - victim.crashed) / period);
                found.everywhere().add((victim.everywhere - victim.crashed) / period);
            }
        }
        return found;
    }

    private static List<Victim> crash(int size, Conditions conditions, int count, long seed) {
        SwimWorld world = new SwimWorld(size, conditions, seed);
        List<Victim> victims = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Node node = world.nodes.get(size - 1 - i);
            Victim victim = new Victim(node.id);
            victims.add(victim);
            world.at((WARM_UP_MILLIS + i * CRASHES_APART_MILLIS) * SwimWorld.MILLI, () -> {
                node.dead = true;
                victim.crashed = world.now;
            });
        }
        world.observer = node -> victims.forEach(victim -> look(world, node, victim, size - count));
        long end = WARM_UP_MILLIS;
        while (end < PATIENCE_MILLIS && victims.stream().anyMatch(v -> v.everywhere < 0)) {
            end += 250;
            world.run(end);
        }
        return victims;
    }

    private static void look(SwimWorld world, Node node, Victim victim, int survivors) {
        if (victim.crashed == 0 || victim.everywhere >= 0) {
            return;
        }
        Verdict verdict = node.swim.verdict(victim.id);
        if (verdict != Verdict.ALIVE && victim.suspected < 0) {
            victim.suspected = world.now;
        }
        if (verdict == Verdict.DOWN) {
            victim.down = victim.down < 0 ? world.now : victim.down;
            victim.told.add(node.id);
            if (victim.told.size() >= survivors) {
                victim.everywhere = world.now;
            }
        }
    }

    static FalseAlarms falseAlarms(int size, Conditions conditions, long millis, long seed) {
        SwimWorld world = new SwimWorld(size, conditions, seed);
        Set<String> suspicions = new HashSet<>();
        Set<String> downs = new HashSet<>();
        SortedMap<Integer, Long> changesSeen = new TreeMap<>();
        world.observer = node -> {
            Long seen = changesSeen.put(node.number, node.swim.changes());
            if (seen == null || seen != node.swim.changes()) {
                note(node, conditions.slow(), suspicions, downs);
            }
        };
        world.run(WARM_UP_MILLIS + millis);
        return new FalseAlarms(suspicions.size(), downs.size(), (size - conditions.slow()) * millis / 60_000.0);
    }

    private static void note(Node node, int slow, Set<String> suspicions, Set<String> downs) {
        for (NodeId id : node.swim.members().accused()) {
            String accused =
                    id + " " + node.swim.members().roster().accusation(id).incarnation();
            boolean healthy = Integer.parseInt(id.name().substring(1)) >= slow;
            if (healthy) {
                suspicions.add(accused);
                if (node.swim.verdict(id) == Verdict.DOWN) {
                    downs.add(accused);
                }
            }
        }
    }

    static Load load(int size, Conditions conditions, long millis, long seed) {
        SwimWorld world = new SwimWorld(size, conditions, seed);
        world.run(WARM_UP_MILLIS);
        long sent = world.nodes.stream().mapToLong(n -> n.sent).sum();
        long bytes = world.nodes.stream().mapToLong(n -> n.bytes).sum();
        world.run(WARM_UP_MILLIS + millis);
        double seconds = millis / 1_000.0 * size;
        return new Load(
                (world.nodes.stream().mapToLong(n -> n.sent).sum() - sent) / seconds,
                (world.nodes.stream().mapToLong(n -> n.bytes).sum() - bytes) / seconds);
    }

    /** The tables, as Markdown: all of them, or those named of crashes, loss, slow, load. */
    public static void main(String[] args) {
        List<String> wanted = args.length == 0 ? List.of("crashes", "slow", "load", "loss") : List.of(args);
        Conditions fair = Conditions.fair(Timings.DEFAULT);
        Conditions plain = Conditions.fair(Timings.DEFAULT.withoutLifeguard());
        for (String table : wanted) {
            switch (table) {
                case "crashes" -> crashes(fair);
                case "loss" -> loss(fair, plain);
                case "slow" -> slow(fair, plain);
                case "load" -> load(fair);
                default -> throw new IllegalArgumentException("no table '" + table + "'");
            }
        }
    }

    private static void crashes(Conditions fair) {
        say(
                "| nodes | first suspicion: median, 99% | first down | down everywhere | told of closed connections: suspicion, down |");
        say("|---|---|---|---|---|");
        detection(10, fair, 40, 1);
        detection(100, fair, 6, 8);
        detection(1_000, fair, 1, 24);
    }

    private static void loss(Conditions fair, Conditions plain) {
        say("| nodes | loss | Lifeguard: suspicions, false downs per node and hour | plain SWIM |");
        say("|---|---|---|---|");
        for (double loss : new double[] {0.01, 0.1}) {
            losses(10, loss, fair, plain, 600_000);
            losses(100, loss, fair, plain, 120_000);
            losses(1_000, loss, fair, plain, 5_000);
        }
    }

    private static void slow(Conditions fair, Conditions plain) {
        say("| nodes | slow | Lifeguard: suspicions, false downs per node and hour of healthy members | plain SWIM |");
        say("|---|---|---|---|");
        slow(10, 1, fair, plain, 300_000);
        slow(100, 10, fair, plain, 60_000);
        slow(1_000, 100, fair, plain, 5_000);
    }

    private static void load(Conditions fair) {
        say("| nodes | messages per node and second | bytes |");
        say("|---|---|---|");
        for (int size : new int[] {10, 100, 1_000}) {
            Load load = load(size, fair, 10_000, 5);
            say(String.format(Locale.ROOT, "| %d | %.2f | %.0f |", size, load.messages(), load.bytes()));
        }
    }

    private static void detection(int size, Conditions conditions, int runs, int victims) {
        Detection silent = crashes(size, conditions, runs, victims, 1);
        Detection told = crashes(size, conditions.withNotice(), runs, victims, 2);
        say(String.format(
                Locale.ROOT,
                "| %d | %.1f, %.1f | %.1f, %.1f | %.1f, %.1f | %.1f, %.1f |",
                size,
                Detection.median(silent.suspected()),
                Detection.quantile(silent.suspected(), 0.99),
                Detection.median(silent.down()),
                Detection.quantile(silent.down(), 0.99),
                Detection.median(silent.everywhere()),
                Detection.quantile(silent.everywhere(), 0.99),
                Detection.median(told.suspected()),
                Detection.median(told.down())));
    }

    private static void losses(int size, double loss, Conditions fair, Conditions plain, long millis) {
        alarms(size, loss * 100 + "%", fair.withLoss(loss), plain.withLoss(loss), millis);
    }

    private static void slow(int size, int slow, Conditions fair, Conditions plain, long millis) {
        alarms(
                size,
                slow + ", stuck for 4 s of each 5",
                fair.withSlow(slow, 4_000, 1_000),
                plain.withSlow(slow, 4_000, 1_000),
                millis);
    }

    private static void alarms(int size, String what, Conditions ours, Conditions plain, long millis) {
        FalseAlarms with = falseAlarms(size, ours, millis, 3);
        FalseAlarms without = falseAlarms(size, plain, millis, 3);
        say(String.format(
                Locale.ROOT,
                "| %d | %s | %.2f, %.2f | %.2f, %.2f |",
                size,
                what,
                with.suspicionsPerNodeHour(),
                with.downsPerNodeHour(),
                without.suspicionsPerNodeHour(),
                without.downsPerNodeHour()));
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
