package dev.gramme.wire;

import dev.gramme.ring.NodeId;

/**
 * What a member says of itself; nobody else may change it. Of two, the one with the higher incarnation holds.
 *
 * @param instance a random number of its process, new at each start
 * @param incarnation raised with each change and to refute a suspicion; begins at the wall clock's milliseconds, so that a restart is above its former life
 * @param standing what it is up to
 * @param bridge address of its bridge, host:port
 * @param http address of its REST front, host:port
 * @param weight the capacity it was started with; the ring's may differ
 * @param writable its disk takes writes
 * @param wireFormat the newest format of messages it understands
 * @param program the version of its program, for people
 * @param storedBytes about how many bytes of states it holds as an owner
 */
public record MemberRecord(
        NodeId id,
        long instance,
        long incarnation,
        Standing standing,
        String bridge,
        String http,
        String zone,
        int weight,
        boolean writable,
        int wireFormat,
        String program,
        long storedBytes,
        RingProgress ring) {
    /** The wall clock's milliseconds in 80,000 years: beyond this, somebody is lying, and adding one must not overflow. */
    public static final long MAX_INCARNATION = 1L << 51;

    public MemberRecord withIncarnation(long next) {
        return new MemberRecord(
                id,
                instance,
                next,
                standing,
                bridge,
                http,
                zone,
                weight,
                writable,
                wireFormat,
                program,
                storedBytes,
                ring);
    }

    /** The order of the constants is part of the wire format. */
    public enum Standing {
        /** It takes requests. */
        SERVING,
        /** It is starting, or not in the ring (yet, or any more): not to be asked. */
        IDLE,
        /** It stops to be started again: down for routing at once, not gone, and nobody's alarm. */
        LEAVING_FOR_RESTART
    }
}
