package dev.gramme.rest.health;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;
import dev.gramme.ring.View;
import java.util.ArrayList;
import java.util.List;

/**
 * What a view allows: a pure reading of it.
 *
 * @param partitions Q
 * @param unreadable partitions for which fewer than R nodes can be asked, fallbacks among them
 * @param unwritable partitions for which fewer than W nodes can be written to, fallbacks among them
 * @param thin partitions with fewer than N live owners
 * @param suspects members of the ring, or of the one to come, that are suspected, in order of id
 * @param down members that are down, in order of id
 * @param readOnly members that are up and whose disk takes no writes, in order of id
 */
record Reach(
        int partitions,
        int unreadable,
        int unwritable,
        int thin,
        List<NodeId> suspects,
        List<NodeId> down,
        List<NodeId> readOnly) {

    static Reach of(View view, int r, int w) {
        int unreadable = 0;
        int unwritable = 0;
        int thin = 0;
        int partitions = view.ring().partitions();
        for (int partition = 0; partition < partitions; partition++) {
            PreferenceList reads = view.forReads(partition);
            unreadable += reads.entries().size() < r ? 1 : 0;
            unwritable += view.forWrites(partition).entries().size() < w ? 1 : 0;
            thin += reads.primaries() < view.ring().replicas() ? 1 : 0;
        }
        List<NodeId> suspects = new ArrayList<>();
        List<NodeId> down = new ArrayList<>();
        List<NodeId> readOnly = new ArrayList<>();
        for (NodeId id : view.topology().needed()) {
            Liveness known = view.liveness().getOrDefault(id, Liveness.DOWN);
            switch (known.state()) {
                case UP -> {
                    if (!known.writable()) {
                        readOnly.add(id);
                    }
                }
                case SUSPECT -> suspects.add(id);
                case DOWN -> down.add(id);
            }
        }
        return new Reach(partitions, unreadable, unwritable, thin, suspects, down, readOnly);
    }

    static String names(List<NodeId> nodes) {
        return String.join(",", nodes.stream().map(NodeId::name).toList());
    }
}
