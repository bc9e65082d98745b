package dev.gramme.wire;

/** What a replica says to a read or write. */
public enum ReplicaStatus {
    /** Done; for a write: durable as configured. */
    OK,
    /** Queue full: nothing was done. */
    OVERLOADED,
    /** Disk full: nothing was written. */
    STORAGE_FULL,
    /** The store of this partition can't be read or written. */
    STORAGE_BROKEN,
    /** The node does not own the partition as far as it knows: nothing was written, and there is nothing to read. */
    NOT_OWNER,
    /** It may have lost some of what it held of the partition ({@link Losses}): what it says is true, and may not be all, so it does not count. */
    LACKING,
    /** What was sent is older than a collection of deletes, or than what the node has promised: nothing was written. */
    OUTDATED,
    /** Where it was asked to take part in a collection of deletes: it takes part in none. */
    NOT_COLLECTING
}
