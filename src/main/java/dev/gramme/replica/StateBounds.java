package dev.gramme.replica;

import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.StateCodec;

/**
 * How large the state of one key may grow by puts. Writers who never send a context pile up siblings; each write then costs all of them, at each
 * replica, until one day the state fits into no message. So such a put is refused before anything is minted. One that merges is never refused.
 *
 * <p>Merging is not bounded: what replicas were told apart is kept. The bytes leave room for that: the states of three coordinators that could not
 * reach each other fit into one frame of the transport together (12 MiB).
 */
final class StateBounds {
    /** Values and tombstones of one key. */
    static final int MAX_SIBLINGS = 128;
    /** Of a state with more than one sibling: a single value is bounded where it comes in. */
    static final int MAX_STATE_BYTES = 4 << 20;

    private StateBounds() {}

    /** Why {@code command} may not be put into {@code before}; empty if it may. */
    static String objection(VersionSet before, PutCommand command, ConflictPolicy policy) {
        if (before.siblings().isEmpty() || policy == ConflictPolicy.LAST_WRITE_WINS) {
            return "";
        }
        int siblings = 1;
        long bytes = StateCodec.sizeHint(command.content());
        for (Version sibling : before.siblings()) {
            if (!command.seen().covers(sibling.dot())) {
                siblings++;
                bytes += StateCodec.sizeHint(sibling.content());
            }
        }
        if (siblings > MAX_SIBLINGS && siblings >= before.siblings().size()) {
            return "it would be sibling number " + siblings + " of the key; at most " + MAX_SIBLINGS + " are kept";
        }
        if (siblings > 1 && bytes > MAX_STATE_BYTES && bytes >= StateCodec.sizeHint(before)) {
            return "with the siblings it does not replace it would take " + bytes + " bytes; at most " + MAX_STATE_BYTES
                    + " are kept of one key";
        }
        return "";
    }
}
