package dev.gramme.storage;

import dev.gramme.ring.NodeId;
import java.nio.file.Path;

/**
 * What a node's storage must know. The cluster's name, the node's id, Q and N are written into the directory when it is first used, and
 * must be the same ever after.
 *
 * @param partitions Q
 * @param replicas N
 * @param intervalMillis with {@link Durability#INTERVAL}: the log is forced at least this often
 * @param loops K: hints are asked for by loop
 * @param memory how much of the heap it may fill
 * @param segmentBytes the log goes on in a new file after this many bytes; the stores are brought up to date about as often
 * @param maxQueuedMutations mutations waiting for the log; beyond, a persist is told FULL at once
 * @param minFreeBytes the log leaves this much of the disk free, for the stores to be brought up to date in
 */
public record StorageSettings(
        Path directory,
        NodeId node,
        String cluster,
        int partitions,
        int replicas,
        Durability durability,
        int intervalMillis,
        int loops,
        StorageMemory memory,
        long segmentBytes,
        int maxQueuedMutations,
        long minFreeBytes) {

    public StorageSettings {
        if (partitions < 1 || replicas < 1 || loops < 1 || intervalMillis < 1 || maxQueuedMutations < 1) {
            throw new IllegalArgumentException("partitions, replicas, loops, interval and queue must be 1 or more");
        }
        if (segmentBytes < 4096 || minFreeBytes < 0) {
            throw new IllegalArgumentException("a log segment takes at least 4096 bytes; sizes can't be negative");
        }
    }

    /** With shares of this process's heap. */
    public static StorageSettings defaults(
            Path directory, NodeId node, String cluster, int partitions, int replicas, int loops) {
        long heapBytes = Runtime.getRuntime().maxMemory();
        return new StorageSettings(
                directory,
                node,
                cluster,
                partitions,
                replicas,
                Durability.SYNC,
                50,
                loops,
                StorageMemory.ofHeap(heapBytes),
                StorageMemory.segmentBytes(heapBytes),
                32_768,
                64L << 20);
    }

    public StorageSettings withDurability(Durability durability, int intervalMillis) {
        return new StorageSettings(
                directory,
                node,
                cluster,
                partitions,
                replicas,
                durability,
                intervalMillis,
                loops,
                memory,
                segmentBytes,
                maxQueuedMutations,
                minFreeBytes);
    }
}
