package dev.gramme.antientropy.model;

import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** One partition, its owners, two more members, two clients and a network that keeps some messages until all is over; in one thread, from one seed. */
final class CollectionModel {
    static final int OWNERS = 3;
    static final int MEMBERS = 5;
    private static final int KEYS = 2;
    private static final int STEPS = 2_500;
    private static final int HEALING_ROUNDS = 40;

    /** What may happen beside lost, doubled and late messages. */
    enum Trouble {
        NONE,
        RESTARTS,
        OLD_DISK,
        NEW_DISK
    }

    private record Flight(int from, int to, ModelMessage message) {}

    private final Random random;
    private final Trouble trouble;
    private final @Nullable Rule broken;
    private final ModelHistory history = new ModelHistory();
    private final List<ModelNode> nodes = new ArrayList<>();
    private final List<ModelClient> clients = new ArrayList<>();
    private final List<Flight> flying = new ArrayList<>();
    /** Come when it is least expected: at any later time, or when all else is over. */
    private final List<Flight> late = new ArrayList<>();

    /** Of this run: no two are troubled alike (Groce et al. 2012, "Swarm Testing"). */
    private final int lossPercent;

    private final int latePercent;
    private final int restartsPerMille;
    private final int hintsPerMille;
    private final int tellsPerMille;
    private int operations;
    private int collected;
    private boolean reliable;
    private boolean over;
    private boolean forgetful;
    private ModelDisk older = new ModelDisk();
    private int olderOf = -1;

    /** @param broken null if every rule holds */
    CollectionModel(long seed, Trouble trouble, @Nullable Rule broken) {
        this.random = new Random(seed);
        this.trouble = trouble;
        this.broken = broken;
        this.lossPercent = random.nextInt(3) * 12;
        this.latePercent = 5 + random.nextInt(3) * 15;
        this.restartsPerMille = random.nextInt(2) * 6;
        this.tellsPerMille = random.nextInt(2) * 10;
        this.hintsPerMille = random.nextBoolean() ? 20 : 3;
        for (int id = 0; id < MEMBERS; id++) {
            nodes.add(new ModelNode(id, this));
        }
        clients.add(new ModelClient(history));
        clients.add(new ModelClient(history));
    }

    boolean holds(Rule rule) {
        return rule != broken;
    }

    Random random() {
        return random;
    }

    ModelHistory history() {
        return history;
    }

    int nextOperation() {
        return ++operations;
    }

    /** Keys that were forgotten by an owner. */
    int collected() {
        return collected;
    }

    void keyCollected() {
        collected++;
    }

    void send(int from, int to, ModelMessage message) {
        Flight flight = new Flight(from, to, message);
        boolean kept = reliable || random.nextInt(100) >= lossPercent;
        if (kept) {
            flying.add(flight);
        }
        if (!over && random.nextInt(100) < latePercent) {
            late.add(flight);
        }
    }

    /** Of how many copies a client is told that its write is kept. Where disks forget, one copy is not enough. */
    int acknowledgedAt() {
        return trouble == Trouble.OLD_DISK || trouble == Trouble.NEW_DISK ? 2 : 1;
    }

    /** Lives, heals, and gives what was broken, in words. */
    List<String> run() {
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        reliable = true;
        heal();
        // After all that: what was under way all the time.
        over = true;
        while (!late.isEmpty()) {
            deliver(late);
        }
        heal();
        List<SortedMap<Integer, VersionSet>> owners =
                nodes.stream().limit(OWNERS).map(node -> node.disk.store).toList();
        List<String> found = history.broken(owners, forgetful);
        owners.getFirst().forEach((key, state) -> {
            if (state.values().isEmpty()) {
                found.add("key " + key + " was deleted and is not collected: " + state);
            }
        });
        return found;
    }

    private void step() {
        int dice = random.nextInt(1_000);
        ModelNode node = nodes.get(random.nextInt(MEMBERS));
        ModelNode owner = nodes.get(random.nextInt(OWNERS));
        int key = random.nextInt(KEYS);
        ModelClient client = clients.get(random.nextInt(clients.size()));
        if (dice < 800) {
            deliver(flying);
        } else if (dice < 815) {
            node.requests.put(key, random.nextInt(5) < 3, client.of(key));
        } else if (dice < 840) {
            node.requests.get(key);
        } else if (dice < 880) {
            node.requests.endGets(client);
        } else if (dice < 885) {
            node.requests.giveUpGets();
        } else if (dice < 900) {
            node.requests.standIn();
        } else if (dice < 900 + hintsPerMille) {
            node.deliverHints();
        } else if (dice >= 920 && dice < 920 + tellsPerMille) {
            owner.tell(random.nextInt(OWNERS));
        } else if (dice >= 930 && dice < 960) {
            nodes.getFirst().lead();
        } else if (dice >= 960 && dice < 965) {
            owner.lead();
        } else if (dice >= 965 && dice < 980) {
            deliver(late);
        } else if (dice >= 980 && dice < 985) {
            owner.pullIfLacking();
        } else {
            trouble(node, dice);
        }
    }

    private void trouble(ModelNode node, int dice) {
        if (trouble == Trouble.NONE || dice < 985) {
            return;
        }
        if (dice < 985 + restartsPerMille) {
            node.restart();
        } else if (trouble == Trouble.OLD_DISK && dice == 992) {
            // Of one node alone: what two disks forget is not owed.
            olderOf = olderOf < 0 ? node.id : olderOf;
            older = nodes.get(olderOf).disk.copy();
        } else if (trouble == Trouble.OLD_DISK && dice == 993 && olderOf >= 0) {
            forget(nodes.get(olderOf), older.copy());
        } else if (trouble == Trouble.NEW_DISK && dice == 994 && !forgetful) {
            forget(node, new ModelDisk());
        }
    }

    private void forget(ModelNode node, ModelDisk disk) {
        forgetful = true;
        node.disk = disk;
        node.restart();
    }

    private void deliver(List<Flight> from) {
        if (!from.isEmpty()) {
            Flight flight = from.remove(random.nextInt(from.size()));
            boolean step =
                    flight.message() instanceof ModelMessage.Ask || flight.message() instanceof ModelMessage.Raise;
            if (step && !reliable && trouble == Trouble.OLD_DISK && flight.to() == olderOf && random.nextInt(8) == 0) {
                // The worst moment: in the middle of a round.
                forget(nodes.get(olderOf), older.copy());
            }
            nodes.get(flight.to()).handle(flight.from(), flight.message());
        }
    }

    private void heal() {
        for (int round = 0; round < HEALING_ROUNDS; round++) {
            while (!flying.isEmpty()) {
                deliver(flying);
            }
            nodes.forEach(node -> node.requests.giveUpGets());
            nodes.forEach(node -> node.requests.standIn());
            nodes.forEach(ModelNode::deliverHints);
            nodes.forEach(ModelNode::pullIfLacking);
            for (int owner = 0; owner < OWNERS; owner++) {
                for (int other = 0; other < OWNERS; other++) {
                    nodes.get(owner).tell(other);
                }
            }
            while (!flying.isEmpty()) {
                deliver(flying);
            }
            nodes.get(round % OWNERS).lead();
        }
        while (!flying.isEmpty()) {
            deliver(flying);
        }
    }

    /** All that is on the disks at the end, and how many operations it took. */
    String told() {
        StringBuilder told = new StringBuilder().append(operations);
        for (ModelNode node : nodes) {
            told.append('\n')
                    .append(node.id)
                    .append(": ")
                    .append(node.disk.store)
                    .append(node.disk.hints);
            told.append(node.disk.epoch).append(' ').append(node.disk.promised);
        }
        return told.toString();
    }
}
