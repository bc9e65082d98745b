package dev.gramme.node;

import dev.gramme.version.Now;

/**
 * Where a plane's request numbers begin. A reply that was on its way while this node restarted must not be taken for the reply to another request of
 * its new life: an acknowledgement of something else would make a put "written". So each life begins at a place of its own.
 */
final class RequestIds {
    /** Leaves room for 2^16 loops in a positive long. */
    private static final int SEQUENCE_BITS = 46;

    private RequestIds() {}

    /** A place drawn from the actors (renewed by an unclean stop) and the time of the start (which tells clean stops apart). */
    static long firstSequence(long actor, long hintActor, Now now) {
        long mixed = mix(mix(mix(actor) ^ hintActor) ^ now.wallMillis());
        return mixed >>> (Long.SIZE - SEQUENCE_BITS);
    }

    /** Finaliser of SplitMix64 (Steele et al. 2014). */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
