package dev.gramme.sim;

/** How a fault came to bear: counted over many seeds, because one that never does proves nothing. */
enum Struck {
    /** A hint book was lost with hints in it. */
    HINTS_LOST,
    /** A disk with something on it was replaced by an empty one. */
    DISK_WIPED,
    /** A disk was put back to what it had held before. */
    DISK_ROLLED_BACK,
    /** A copy of a disk that had been closed in order was put in its place. */
    IMAGE_PUT_BACK,
    /** A backup was restored with a value that had been replaced since. */
    REPLACED_VALUE_RESTORED,
    /** A backup was restored with a value of a key that had been deleted since. */
    DELETED_VALUE_RESTORED,
    /** A backup was taken though deletes had been forgotten since: they had been made before. */
    YOUNGER_BACKUP_TAKEN,
    /** A record was read whose bits had flipped. */
    BAD_RECORD_READ,
    /** Nobody read such a record until the scrub did. */
    BAD_RECORD_SCRUBBED,
    /** A replica was away for most of the run. */
    LONG_ABSENT,
    /** A reader was not shown a value whose life was over. */
    EXPIRED_VALUE_HIDDEN,
    /** Somebody who had been shown that a key is deleted wrote it again. */
    DELETED_KEY_WRITTEN_AGAIN
}
