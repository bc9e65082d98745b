package dev.gramme.version;

/** What a bucket does with concurrent versions. Mergeable types will join here. */
public enum ConflictPolicy {
    /** Keep every concurrent version; the application merges. */
    SIBLINGS,
    /** Keep the one with the highest hybrid logical time, ties by dot. */
    LAST_WRITE_WINS
}
