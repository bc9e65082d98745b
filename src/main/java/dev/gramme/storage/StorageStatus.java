package dev.gramme.storage;

import java.util.List;

/**
 * How a node's storage is.
 *
 * @param writable new writes can be made durable
 * @param full not writable because the disk is (nearly) full; it becomes writable by itself when there is room again
 * @param broken why the log takes nothing any more and the node must stop; empty while it does
 * @param cleanStart the directory had been closed in order, and this is it: the actors of before go on
 * @param forces of the log since the start
 * @param logBytes in all segments now
 * @param queued mutations waiting for the log
 * @param unappliedBytes states in memory that the partition stores do not hold yet
 * @param openStores partition stores open now
 * @param checkpoints times that the stores were brought up to date since the start
 * @param recovered mutations replayed from the log at the start
 * @param cutBytes of an unfinished last write, cut off the log at the start
 * @param damage found since the start, a sentence each, with file and place; what was found is in the directory's {@code quarantine}
 */
public record StorageStatus(
        boolean writable,
        boolean full,
        String broken,
        boolean cleanStart,
        long forces,
        long logBytes,
        int queued,
        long unappliedBytes,
        int openStores,
        long checkpoints,
        long recovered,
        long cutBytes,
        List<String> damage) {}
