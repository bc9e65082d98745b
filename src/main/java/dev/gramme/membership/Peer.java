package dev.gramme.membership;

/** What this node itself has seen of another; never gossiped. */
final class Peer {
    /** A new or moved member gets so long until it is probed, and what can't be sent to it counts: connections must be made first. */
    static final long CONNECTING_NANOS = 1_000_000_000L;

    /** A message may be lost: so many probes in a row, with one ping each of our own, are not. */
    private static final int MISSES_MEAN_UNREACHABLE = 3;

    private boolean heard;
    private long heardNanos;
    private boolean unreachable;
    private int misses;
    private boolean connecting;
    private long connectingSinceNanos;
    private boolean down;
    private long downSinceNanos;

    /** Whether this process has ever heard from it. */
    boolean wasHeard() {
        return heard;
    }

    long silenceNanos(long nowNanos) {
        return nowNanos - heardNanos;
    }

    void hear(long nowNanos) {
        heard = true;
        heardNanos = nowNanos;
    }

    /** Whether what we send gets there and an answer comes back, as found last. */
    boolean isUnreachable() {
        return unreachable;
    }

    void reached() {
        unreachable = false;
        misses = 0;
        connecting = false;
    }

    /** Nothing can be sent to it. */
    void unreached() {
        unreachable = true;
        misses++;
    }

    /** It has not answered. */
    void missed() {
        misses++;
        unreachable |= misses >= MISSES_MEAN_UNREACHABLE;
    }

    /** It has not answered the last time, or nothing could be sent. */
    boolean isDoubtful() {
        return misses > 0;
    }

    void connects(long nowNanos) {
        connecting = true;
        unreachable = false;
        misses = 0;
        connectingSinceNanos = nowNanos;
    }

    boolean isConnecting(long nowNanos) {
        connecting = connecting && nowNanos - connectingSinceNanos < CONNECTING_NANOS;
        return connecting;
    }

    void isDown(long nowNanos) {
        if (!down) {
            down = true;
            downSinceNanos = nowNanos;
        }
    }

    void isNotDown() {
        down = false;
    }

    long downNanos(long nowNanos) {
        return down ? nowNanos - downSinceNanos : 0;
    }

    /** We were not listening for {@code nanos}. */
    void forgive(long nanos) {
        connectingSinceNanos += nanos;
    }
}
