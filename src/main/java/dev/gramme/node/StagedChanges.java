package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.wire.StagedChange;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Changes that somebody wants and nobody has committed, one for each node: those for one settled ring. A join-semilattice: of two for a node the higher holds. */
final class StagedChanges {
    private static final Comparator<StagedChange> ORDER = Comparator.comparingLong(StagedChange::number)
            .thenComparing(StagedChange::kind)
            .thenComparingInt(StagedChange::weight)
            .thenComparing(StagedChange::successor, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** As many as a ring has members, and as many again that come in. */
    static final int MOST = 2 * Ring.MAX_MEMBERS;

    private final TreeMap<NodeId, StagedChange> byNode = new TreeMap<>();
    private long base;

    StagedChanges(long base, Collection<StagedChange> changes) {
        this.base = base;
        merge(changes);
    }

    /** Those staged on another ring do not count. */
    void merge(Collection<StagedChange> others) {
        for (StagedChange change : others) {
            StagedChange mine = byNode.get(change.node());
            if (change.base() == base && (mine == null ? byNode.size() < MOST : ORDER.compare(change, mine) > 0)) {
                byNode.put(change.node(), change);
            }
        }
    }

    /** In place of what was staged for the node. */
    void stage(StagedChange.Kind kind, NodeId node, int weight, @Nullable NodeId successor) {
        long number = 1;
        for (StagedChange change : byNode.values()) {
            number = Math.max(number, change.number() + 1);
        }
        merge(List.of(new StagedChange(node, number, base, kind, weight, successor)));
    }

    /** Whether anything was there to cancel. */
    boolean cancel() {
        List<StagedChange> wanted = wanted();
        wanted.forEach(change -> stage(StagedChange.Kind.NONE, change.node(), 0, null));
        return !wanted.isEmpty();
    }

    /** Another ring has settled: what was staged on the one before does not count any more. */
    void rebase(long settled) {
        base = settled;
        byNode.clear();
    }

    /** In order of node, with those that were cancelled: to be told to others. */
    List<StagedChange> all() {
        return List.copyOf(byNode.values());
    }

    /** In order of node. */
    List<StagedChange> wanted() {
        return byNode.values().stream()
                .filter(change -> change.kind() != StagedChange.Kind.NONE)
                .toList();
    }

    @Nullable
    StagedChange of(NodeId node) {
        return byNode.get(node);
    }
}
