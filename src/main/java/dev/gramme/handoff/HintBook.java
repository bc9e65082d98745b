package dev.gramme.handoff;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Port: the hints this node keeps, apart from its own data. Called from the loop that owns the hint's partition; counts from anywhere.
 *
 * <p>Visibility as in {@code ReplicaStore}.
 */
public interface HintBook {
    /** A hint: {@code owner} has yet to be told {@code state}. An empty state: told what this node holds as an owner itself. */
    record Hint(int partition, Key key, NodeId owner, VersionSet state) {}

    /** What all hints for {@code key} say, merged; empty if there are none. A fallback answers reads from it. */
    VersionSet read(int partition, Key key);

    /** The hint for {@code key} and {@code owner}: its state, or null if there is none. */
    @Nullable
    VersionSet read(int partition, Key key, NodeId owner);

    /**
     * Up to {@code limit} hints for {@code owner} in partitions of one loop, in a stable order.
     *
     * @param loop only hints with {@code partition % loops == loop}
     * @param maxBytes of states, about: none follows when they come to so many. They are all in memory
     */
    List<Hint> next(NodeId owner, int loop, int loops, int limit, long maxBytes);

    /** Whether any hint of the partition is kept, for whomever, or may be after a crash. */
    boolean any(int partition);

    /**
     * Whether a hint of the partition that is not shown, or not so, may be there after a crash: that it was dropped or replaced is not on the disk yet, or was refused. Then it must not be
     * promised that there is none.
     */
    boolean mayComeBack(int partition);

    /**
     * Of the hints that wait for {@code owner}, about, with their keys. From anywhere. It may take each hint for as large as any other: then only what all owners' hints come to is right, and where
     * some owner's are larger than others', those count for too little and these for as much too much.
     */
    long bytes(NodeId owner);

    /** How many hints wait, by owner; owners without hints are absent. */
    SortedMap<NodeId, Long> counts();
}
