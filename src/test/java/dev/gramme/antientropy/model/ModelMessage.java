package dev.gramme.antientropy.model;

import dev.gramme.version.VersionSet;
import java.util.SortedMap;

/** What the model's nodes say to each other. Every one of them may be lost, come twice, or come at the very end. */
sealed interface ModelMessage {
    /** Merge this; {@code hintFor} is -1 to an owner, else keep it for that one. */
    record Put(int op, int key, VersionSet state, long stamp, int hintFor) implements ModelMessage {}

    /** @param epoch of an owner that refused what was older than it; 0 else */
    record PutReply(int op, int key, int hintFor, boolean ok, VersionSet state, long epoch) implements ModelMessage {}

    record Get(int op, int key) implements ModelMessage {}

    /** @param counts it is an owner's that lacks nothing */
    record GetReply(int op, VersionSet state, long stamp, long epoch, boolean counts) implements ModelMessage {}

    /** Step 1, to every owner: what of yours is nothing but deletes? And by which stamp do you go? */
    record Ask(int round) implements ModelMessage {}

    /** @param life of the process that confirms */
    record Candidates(int round, SortedMap<Integer, VersionSet> deleted, long stamp, long epoch, int life)
            implements ModelMessage {}

    /**
     * Step 2, to every member: go by this stamp, and promise that nothing older is left with you.
     *
     * @param epoch the highest of any owner
     * @param life to an owner: of the process that has confirmed
     */
    record Raise(int round, long stamp, long epoch, int life) implements ModelMessage {}

    /** @param stamp another than asked for is a refusal: this one is gone by already */
    record Promised(int round, long stamp) implements ModelMessage {}

    /** Step 3, to every owner: forget those that are still as confirmed. */
    record Commit(long stamp, SortedMap<Integer, VersionSet> deleted) implements ModelMessage {}

    record Pull() implements ModelMessage {}

    record Pulled(SortedMap<Integer, VersionSet> store, long epoch, long promised) implements ModelMessage {}
}
