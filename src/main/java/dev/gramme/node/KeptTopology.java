package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.wire.RingTable;
import java.util.BitSet;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node keeps of the ring across restarts.
 *
 * @param phase this node's with {@code table}'s proposal; null if it has not reached the first
 * @param received partitions of that proposal that it holds; not to be changed
 * @param bridges where the members were last: whom to ask after a restart, by id
 * @param lineage of the ring ({@link dev.gramme.ring.Ring#lineage}); 0 if not known
 */
public record KeptTopology(
        RingTable table, @Nullable Phase phase, BitSet received, SortedMap<NodeId, String> bridges, long lineage) {}
