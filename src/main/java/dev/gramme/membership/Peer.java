package dev.gramme.membership;

import dev.gramme.ring.Liveness;
import dev.gramme.wire.Message.Heartbeat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One peer as its heartbeats show it.
 *
 * <p>Two instances of one id are told apart by the echo: our heartbeats go to the member's configured address, so whoever echoes one that we sent
 * after a second instance appeared <em>is</em> the member. A process that was killed and restarted at once is taken over by that within two
 * intervals; a second process started elsewhere under the same id never echoes, and is refused. No clock is needed to tell them apart.
 */
final class Peer {
    /** Echoes of older ones come too late to matter. */
    private static final int REMEMBERED_HEARTBEATS = 32;

    private static final int HEARTBEATS_WORTH_AN_ANSWER = 12;

    private static final int UNDELIVERED_MEAN_DOWN = 2;

    private record Sent(long sequence, long nanos) {}

    /** @param sinceSequence the last heartbeat we had sent when the second instance was first heard */
    private record Rival(long instance, long sinceSequence) {}

    private final long suspectNanos;
    private final long downNanos;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private @Nullable Heartbeat last;
    private @Nullable Rival rival;
    private long heardNanos;
    private long reachedNanos;
    private long echoed;
    private int undelivered;
    private int sentSinceUndelivered;

    Peer(Timings timings) {
        suspectNanos = TimeUnit.MILLISECONDS.toNanos(timings.suspectMillis());
        downNanos = TimeUnit.MILLISECONDS.toNanos(timings.downMillis());
    }

    /** The last heartbeat that counted; null if there was none. */
    @Nullable
    Heartbeat last() {
        return last;
    }

    long heardNanos() {
        return heardNanos;
    }

    /** Whether this peer has ever echoed a heartbeat of this very process: it took us for a member. */
    boolean hasAcceptedUs() {
        return echoed > 0;
    }

    /**
     * It was sent enough of our heartbeats to have answered, and none of those came back as undeliverable. (The first of all often do: nothing is
     * connected yet.)
     */
    boolean takesHeartbeatsSilently() {
        return last == null && sentSinceUndelivered >= HEARTBEATS_WORTH_AN_ANSWER;
    }

    void sent(long sequence, long nowNanos) {
        sentSinceUndelivered++;
        sent.addLast(new Sent(sequence, nowNanos));
        if (sent.size() > REMEMBERED_HEARTBEATS) {
            sent.removeFirst();
        }
    }

    Reception heard(Heartbeat heartbeat, long nowNanos) {
        if (last == null) {
            return adopt(heartbeat, nowNanos);
        }
        return heartbeat.instance() == last.instance()
                ? heardIncumbent(last, heartbeat, nowNanos)
                : heardRival(heartbeat, nowNanos);
    }

    private Reception heardIncumbent(Heartbeat before, Heartbeat heartbeat, long nowNanos) {
        if (heartbeat.sequence() <= before.sequence()) {
            return Reception.STALE;
        }
        if (nowNanos - heardNanos >= downNanos) {
            return adopt(heartbeat, nowNanos);
        }
        take(heartbeat, nowNanos);
        return Reception.COUNTED;
    }

    private Reception heardRival(Heartbeat heartbeat, long nowNanos) {
        if (isSilentOrUnreachable(nowNanos)) {
            return adopt(heartbeat, nowNanos);
        }
        if (rival == null || rival.instance() != heartbeat.instance()) {
            rival = new Rival(
                    heartbeat.instance(), sent.isEmpty() ? 0 : sent.getLast().sequence());
            return Reception.CONTESTED;
        }
        if (wasSent(heartbeat.echo()) && heartbeat.echo() > rival.sinceSequence()) {
            return adopt(heartbeat, nowNanos);
        }
        return echoed > rival.sinceSequence() ? Reception.DUPLICATE : Reception.STALE;
    }

    private boolean isSilentOrUnreachable(long nowNanos) {
        return nowNanos - heardNanos >= suspectNanos || undelivered >= UNDELIVERED_MEAN_DOWN;
    }

    /** Up at the first fresh heartbeat, with a fresh allowance to echo us. */
    private Reception adopt(Heartbeat heartbeat, long nowNanos) {
        rival = null;
        undelivered = 0;
        reachedNanos = nowNanos;
        take(heartbeat, nowNanos);
        return Reception.NEWS;
    }

    private void take(Heartbeat heartbeat, long nowNanos) {
        last = heartbeat;
        heardNanos = nowNanos;
        for (Sent one : sent) {
            if (one.sequence() == heartbeat.echo() && one.sequence() > echoed) {
                echoed = one.sequence();
                reachedNanos = Math.max(reachedNanos, one.nanos());
                undelivered = 0;
            }
        }
    }

    private boolean wasSent(long sequence) {
        return sent.stream().anyMatch(one -> one.sequence() == sequence);
    }

    void undeliverable() {
        undelivered++;
        sentSinceUndelivered = 0;
    }

    /** We were not listening for {@code nanos}: silence in that time says nothing. */
    void forgive(long nanos) {
        heardNanos += nanos;
        reachedNanos += nanos;
    }

    /**
     * What this peer is to us. Silent means suspect, then down; so does, in the end, a peer that we hear and that does not hear us (a one-way
     * partition), because requests to it would be lost; and one that says it takes no requests.
     */
    Liveness.State state(long nowNanos) {
        if (last == null || !last.ready() || undelivered >= UNDELIVERED_MEAN_DOWN) {
            return Liveness.State.DOWN;
        }
        if (nowNanos - heardNanos >= downNanos || nowNanos - reachedNanos >= downNanos) {
            return Liveness.State.DOWN;
        }
        return nowNanos - heardNanos >= suspectNanos ? Liveness.State.SUSPECT : Liveness.State.UP;
    }
}
