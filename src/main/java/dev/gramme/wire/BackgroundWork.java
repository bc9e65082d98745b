package dev.gramme.wire;

/** What a node does besides its clients' requests. Each kind has the same share of what clients leave. */
public enum BackgroundWork {
    /** Pages of partitions read for who comes to own them. */
    RANGES_GIVEN,
    /** Pages of partitions that this node comes to own, asked for and written. */
    RANGES_TAKEN,
    /** Trees built and compared with other owners', and what differs fetched, sent and told: both sides. */
    EXCHANGES,
    /** Hints told to the owners they are for. */
    HINTS,
    /** Everything stored read again, to find what rots. */
    SCRUB,
    /** States written from memory into the partitions' files. */
    CHECKPOINTS,
    /** Pages read for a backup. */
    BACKUP
}
