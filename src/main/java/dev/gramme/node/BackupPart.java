package dev.gramme.node;

/** What of a partition a backup asks a node for. */
public enum BackupPart {
    /** The keys that the node holds as an owner, with their states. */
    STATES,
    /** The same keys with digests of their states. */
    DIGESTS,
    /** What the node keeps for other owners: a write may be acknowledged and as yet be nowhere else (sloppy quorum). */
    HINTS
}
