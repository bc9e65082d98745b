package dev.gramme.storage;

import dev.gramme.version.VersionSet;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import org.jspecify.annotations.Nullable;

/**
 * A state that the store file does not hold yet: in the log, or on its way there. Compared by identity, so that what is removed once it is applied
 * is exactly what was applied.
 */
final class Unapplied {
    /** Objects, references, map nodes: about. */
    private static final int OVERHEAD_BYTES = 256;

    final int partition;

    /** Null: the record is to be removed. */
    final @Nullable VersionSet state;

    /** Of the state; 0 if the record is to be removed. */
    final long digest;

    /** Of memory, about. */
    final int bytes;

    Unapplied(int partition, int keyBytes, @Nullable VersionSet state) {
        this.partition = partition;
        this.state = state;
        this.digest = state == null ? 0 : StateDigest.of(state);
        this.bytes = OVERHEAD_BYTES + keyBytes + (state == null ? 0 : StateCodec.sizeHint(state));
    }
}
