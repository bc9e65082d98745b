package dev.gramme.storage;

/** Told once what became of the mutations of one {@code persist}. Called on the log's thread: it must hand on, not work or wait. */
@FunctionalInterface
public interface PersistCallback {
    void persisted(Outcome outcome);

    /** What became of mutations. Whatever it is, they are visible to reads. */
    enum Outcome {
        /** They survive what {@link Durability} promises. */
        DURABLE,
        /** No room on the disk, or in the queue: not durable now; they may become so when room returns, and nobody will tell. */
        FULL,
        /** The log is broken: nothing will be durable any more, and this node must stop. */
        BROKEN
    }
}
