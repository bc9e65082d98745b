package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * What an entry of a page counts for however small it is. Each is a key to look up and to merge, in one event of a loop that clients wait for: a page of
     * 256 KiB has 256 of them at most, not thousands.
     */
    int LEAST_ENTRY_BYTES = 1 << 10;

    /** @param complete no key follows the last one */
    record Page(List<Entry> entries, boolean complete) {}

    record Entry(Key key, VersionSet state) {}

    /**
     * The keys of {@code partition} that follow {@code after}, in the order of keys, with their states.
     *
     * @param after null from the beginning
     * @param maxBytes about as many bytes of states, each counted as {@link #LEAST_ENTRY_BYTES} at least; at least one key if there is any
     * @throws StoreBrokenException if the partition's store can't be read
     */
    Page scan(int partition, @Nullable Key after, int maxBytes);

    /** Whether anything is kept of {@code partition}. May say yes where all keys are gone. */
    boolean holds(int partition);

    /**
     * How often keys of {@code partition} that all had deleted were collected here: the highest epoch of a {@link dev.gramme.wire.Mutation.Collect} that is visible. 0 at
     * first, and when the partition was dropped. Never waits for the disk.
     */
    long collectedEpoch(int partition);

    /** The highest stamp of a {@link dev.gramme.wire.Mutation.Promise} that is visible; 0 if there is none. A dropped partition keeps it. Never waits for the disk. */
    long promised(int partition);

    /** Whether the disk takes writes now. */
    boolean isWritable();
}
