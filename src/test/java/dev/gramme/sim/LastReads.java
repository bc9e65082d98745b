package dev.gramme.sim;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.sim.history.Bucket;
import dev.gramme.sim.history.FinalKey;
import dev.gramme.sim.history.Read;
import dev.gramme.sim.history.Write;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** After everything was healed and all owners were found in one state: every key read at R = N through two nodes, a while apart. */
final class LastReads {
    private static final int ROUNDS = 2;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final long PAUSE_NANOS = 2 * Timeline.MILLI;

    private final World world;
    private final SortedMap<Key, VersionSet> merged = new TreeMap<>();
    private final SortedMap<Key, List<Read>> reads = new TreeMap<>();

    LastReads(World world) {
        this.world = world;
    }

    List<FinalKey> read() {
        SortedSet<Key> keys = new TreeSet<>();
        for (Write write : world.history().writes()) {
            keys.add(write.key());
        }
        for (Key key : keys) {
            ConflictPolicy policy =
                    Bucket.isLastWriteWins(key) ? ConflictPolicy.LAST_WRITE_WINS : ConflictPolicy.SIBLINGS;
            merged.put(key, world.everythingOf(key).resolve(policy));
            reads.put(key, new ArrayList<>());
        }
        for (int round = 0; round < ROUNDS; round++) {
            int turn = round;
            long delayNanos = 0;
            for (Key key : keys) {
                world.timeline().after(delayNanos, () -> read(key, turn));
                delayNanos += PAUSE_NANOS;
            }
            world.timeline().runUntil(world.timeline().nowNanos() + delayNanos + 3 * Timeline.SECOND);
        }
        List<FinalKey> last = new ArrayList<>();
        for (Key key : keys) {
            SortedMap<NodeId, VersionSet> owners = new TreeMap<>();
            for (NodeId owner : world.rings().settled().owners(world.partitionOf(key))) {
                owners.put(owner, world.node(owner).disk().visible().state(key));
            }
            last.add(new FinalKey(key, Bucket.isLastWriteWins(key), merged.get(key), owners, reads.get(key)));
        }
        return last;
    }

    private void read(Key key, int round) {
        List<SimNode> nodes = world.rings().settled().members().keySet().stream()
                .map(world::node)
                .toList();
        SimNode asked = nodes.get((key.hashCode() + round & 0x7fffffff) % nodes.size());
        NodeProcess process = asked.process();
        if (process == null) {
            return;
        }
        int r = world.scenario().replicas();
        RequestOptions options = new RequestOptions(r, 0, true, TIMEOUT_MILLIS, null);
        long invoked = world.timeline().nowNanos();
        long aheadAtFirst = asked.clock().aheadMillis();
        new Once<GetOutcome>(
                        world.timeline(),
                        2L * TIMEOUT_MILLIS * Timeline.MILLI,
                        outcome -> reads.get(key)
                                .add(new Read(
                                        "last reader",
                                        key,
                                        asked.id(),
                                        r,
                                        true,
                                        invoked,
                                        world.timeline().nowNanos(),
                                        aheadAtFirst,
                                        asked.clock().aheadMillis(),
                                        false,
                                        outcome)))
                .run(once -> process.get(new GetCommand(key, options), once));
    }
}
