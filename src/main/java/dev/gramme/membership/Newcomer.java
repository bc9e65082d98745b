package dev.gramme.membership;

import dev.gramme.wire.Message.Refusal;
import java.util.concurrent.TimeUnit;

/**
 * Whether this process must obey those who refuse it. Three things keep a healthy node from being stopped by a wrong or late word:
 *
 * <ul>
 *   <li>a refusal names the process it means, so one that was meant for an earlier or another process of our id stops nobody;
 *   <li>only a newcomer obeys: young, and not accepted by any member. Where one node is misconfigured and many are not, all refuse each other, but
 *       the many accept one another and the one is accepted by nobody;
 *   <li>it waits before it obeys, so that the members which accept it have time to be heard, and obeys only if it is still being refused then.
 * </ul>
 *
 * <p>An old process that is refused goes on and shows why: it was replaced while it was cut off. It can do no harm, as it hears nobody (the
 * others talk to its successor), counts everybody as down, and so reaches no quorum but W = 1.
 */
public final class Newcomer {
    /** The members that accept it have so long to be heard. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

    /** Being refused still: refused again within this time. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long instance;
    private final long startedNanos;
    private final long youngNanos;
    private String reason = "";
    private long firstNanos;
    private long latestNanos;

    public Newcomer(long instance, Timings timings, long nowNanos) {
        this.instance = instance;
        startedNanos = nowNanos;
        youngNanos = TimeUnit.MILLISECONDS.toNanos(timings.newcomerMillis());
    }

    public void refused(Refusal refusal, long nowNanos) {
        if (refusal.fatal() && refusal.instance() == instance) {
            if (reason.isEmpty() && nowNanos - startedNanos < youngNanos) {
                reason = "refused by node " + refusal.from() + ": " + refusal.reason();
                firstNanos = nowNanos;
            }
            latestNanos = nowNanos;
        }
    }

    /** Why this process must stop now; empty if it need not. */
    public String verdict(boolean accepted, long nowNanos) {
        if (accepted) {
            reason = "";
        }
        boolean due = nowNanos - firstNanos >= PATIENCE_NANOS && nowNanos - latestNanos < FRESH_NANOS;
        return due ? reason : "";
    }
}
