package dev.gramme.sim;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.sim.history.History;
import dev.gramme.version.Dot;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * No change of the ring makes an acknowledged write unreadable, looked at from inside at each moment at which one could: whenever a node begins to read from other
 * owners, and whenever one drops a partition. What was written strictly at W is held by W of the owners that any node reads
 * from, safely; what was written otherwise is held by somebody. Finds at once what a read would only uncover in one of many seeds.
 */
final class Readability {
    private record Promise(Key key, Dot dot, int w, boolean strict, long askedNanos) {}

    private final World world;
    private final SortedMap<Integer, List<Promise>> byPartition = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();

    Readability(World world) {
        this.world = world;
    }

    List<String> findings() {
        return findings;
    }

    void answered(NodeId by, PutCommand command, PutOutcome outcome, long askedNanos) {
        if (!(outcome instanceof PutOutcome.Written written) || world.history().unforcedNanos() > 0) {
            return;
        }
        int w = command.options().w() == 0
                ? world.bucketQuorum()
                : command.options().w();
        Promise promise =
                new Promise(command.key(), written.dot(), w, command.options().strict(), askedNanos);
        int partition = world.partitionOf(command.key());
        byPartition.computeIfAbsent(partition, p -> new ArrayList<>()).add(promise);
        for (NodeProcess reader : world.serving()) {
            if (isListenedTo(reader)) {
                readable(
                        promise, partition, reader.node(), reader.view().ring(), null, "as " + by + " acknowledges it");
            }
        }
    }

    /** {@code reader} reads by the second ring from now on. */
    void readsBy(NodeId reader, Ring before, Ring now) {
        if (before.members().isEmpty()) {
            return;
        }
        byPartition.forEach((partition, promises) -> {
            if (!now.owners(partition).equals(before.owners(partition))) {
                promises.forEach(p -> readable(p, partition, reader, now, null, "as it goes by ring " + now.version()));
            }
        });
    }

    /** All hints are delivered and no change is under way: what was written at W, by whatever nodes, W owners hold. */
    void converged() {
        if (world.history().anyDiskLost()) {
            return;
        }
        Ring ring = world.rings().settled();
        byPartition.forEach((partition, promises) -> promises.forEach(promise -> {
            List<NodeId> owners = ring.owners(partition);
            List<NodeId> holders = holders(promise, owners, null);
            if (holders.size() < Math.min(promise.w, owners.size())) {
                found(
                        promise,
                        "was written at W=" + promise.w + ", but of its owners " + owners + " only " + holders
                                + " hold it",
                        "when all hints were delivered");
            }
        }));
    }

    /** {@code owner} answers readers from now on. */
    void whole(NodeId owner, int partition) {
        for (Promise promise : byPartition.getOrDefault(partition, List.of())) {
            for (NodeProcess reader : world.serving()) {
                readable(promise, partition, reader.node(), reader.view().ring(), null, "as " + owner + " is whole");
            }
        }
    }

    void dropping(NodeId dropper, int partition) {
        for (Promise promise : byPartition.getOrDefault(partition, List.of())) {
            for (NodeProcess reader : world.serving()) {
                if (isListenedTo(reader)) {
                    readable(
                            promise,
                            partition,
                            reader.node(),
                            reader.view().ring(),
                            dropper,
                            "as " + dropper + " drops");
                }
            }
            int lost = world.history().befallen(History.Mishap.LOST_DISK, promise.askedNanos, Long.MAX_VALUE)
                    + (world.history().outlivesWipes(1, promise.askedNanos) ? 0 : 1);
            if (lost < promise.w && holders(promise, null, dropper).isEmpty()) {
                found(promise, "is held by nobody", "as " + dropper + " drops partition " + partition);
            }
        }
    }

    /** A newcomer that missed that another change came before its own goes on reading by the ring before, and all who go by the new one turn it away. */
    private boolean isListenedTo(NodeProcess reader) {
        return reader.topology().settled().members().containsKey(reader.node())
                || world.rings().settled().members().containsKey(reader.node());
    }

    private void readable(
            Promise promise, int partition, NodeId reader, Ring ring, @Nullable NodeId without, String when) {
        if (!promise.strict
                || world.history().diskWasLost()
                || !world.history().outlivesWipes(promise.w, promise.askedNanos)) {
            return;
        }
        List<NodeId> owners = ring.owners(partition);
        List<NodeId> holders = holders(promise, owners, without);
        // Who is lacking counts for no read, and who takes itself for the whole cluster listens to nobody: of R others
        // one must hold it.
        long others = owners.stream()
                .filter(owner -> !holders.contains(owner))
                .filter(owner -> owner.equals(without)
                        || !(world.isAloneAgain(owner)
                                || world.node(owner).disk().losses().isLacking(partition)))
                .count();
        if (others > owners.size() - Math.min(promise.w, owners.size())) {
            found(
                    promise,
                    "was written at W=" + promise.w + ", but of " + owners + ", from whom " + reader + " reads by ring "
                            + ring.version() + ", only " + holders + " hold it",
                    when);
        }
    }

    /** Whose disks hold it, or what has replaced it, for sure; of all nodes if {@code among} is null. */
    private List<NodeId> holders(Promise promise, @Nullable List<NodeId> among, @Nullable NodeId without) {
        List<NodeId> holders = new ArrayList<>();
        for (SimNode node : world.nodes()) {
            if ((among == null || among.contains(node.id()))
                    && !node.id().equals(without)
                    && node.disk()
                            .durable()
                            .everythingOf(promise.key)
                            .context()
                            .join(world.history().forgotten().context(promise.key))
                            .covers(promise.dot)) {
                holders.add(node.id());
            }
        }
        return holders;
    }

    private void found(Promise promise, String what, String when) {
        findings.add("Readability: " + promise.dot + " of " + promise.key + " " + what + ", " + when + " at "
                + History.seconds(world.timeline().nowNanos()));
    }
}
