package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;

/**
 * Port: what this node holds as an owner. Called only from the serial loop that owns the partition; may wait for the disk.
 *
 * <p>Contract: a {@link dev.gramme.wire.Mutation} handed out in an effect is visible to reads as soon as the effect is carried out,
 * which is before the loop's next event; it is durable when {@code Persisted} says so.
 */
public interface ReplicaStore {
    /**
     * @return the key's state, {@link VersionSet#EMPTY} if nothing was ever known of it
     * @throws StoreBrokenException if the partition's store can't be read or a record fails its checksum
     */
    VersionSet read(int partition, Key key);

    /** Whether the disk takes writes now. */
    boolean isWritable();
}
