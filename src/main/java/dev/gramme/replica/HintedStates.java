package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import org.jspecify.annotations.Nullable;

/** Port: the hints this node keeps, as a replica reads them. Kept by {@code handoff.HintBook}. */
public interface HintedStates {
    /** What all hints for {@code key} say, merged; empty if there are none. */
    VersionSet read(int partition, Key key);

    /** The hint for {@code key} and {@code owner}: its state (empty for a pointer to this node's own), or null if there is none. */
    @Nullable
    VersionSet read(int partition, Key key, NodeId owner);
}
