package dev.gramme.storage;

import dev.gramme.handoff.HintBook;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.wire.Mutation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node keeps on its disk. {@link #store()}, {@link #hints()} and {@link #dots()} are the ports of the pure rooms: three objects,
 * because two of the ports ask different things by the same name.
 */
public final class NodeStorage implements AutoCloseable {
    private NodeStorage() {}

    /**
     * Opens or creates the directory, and replays its log.
     *
     * @throws DataDirectoryException if it is in use, another node's, another cluster's, of another Q or N, of a newer format, or can't be read
     */
    public static NodeStorage open(StorageSettings settings) {
        throw new DataDirectoryException("not yet: " + settings);
    }

    /**
     * Makes mutations visible to reads at once and durable soon. Any thread, if those of one partition come from one thread. Never waits for
     * the log.
     *
     * @param done told once, on the log's thread (or at once on this one, if the queue is full or the log broken)
     */
    public void persist(List<Mutation> mutations, PersistCallback done) {
        throw new IllegalStateException("not yet");
    }

    public ReplicaStore store() {
        throw new IllegalStateException("not yet");
    }

    public HintBook hints() {
        throw new IllegalStateException("not yet");
    }

    public DotSource dots() {
        throw new IllegalStateException("not yet");
    }

    public StorageStatus status() {
        throw new IllegalStateException("not yet");
    }

    /** Keeps this small blob across restarts, in place of the last. May wait for the disk. */
    public void saveBuckets(byte[] blob) {
        throw new IllegalStateException("not yet");
    }

    /** The blob last saved; null if there is none. */
    public byte @Nullable [] loadBuckets() {
        return null;
    }

    /** {@code listener} is told, on any thread, when {@code writable}, {@code broken} or {@code damage} changed. It must not wait. */
    public void onStatusChange(Runnable listener) {
        throw new IllegalStateException("not yet");
    }

    /** Writes everything out and marks the directory as closed in order. */
    @Override
    public void close() {}
}
