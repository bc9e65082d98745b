package dev.gramme.membership;

import java.util.concurrent.TimeUnit;

/**
 * How patient the failure detector is; all times in milliseconds, for a local network.
 *
 * @param periodMillis SWIM's protocol period: one member is probed in each
 * @param directMillis without an answer for so long, others are asked to probe it too
 * @param probeMillis without any answer for so long, it is suspected
 * @param gossipMillis between two sendings of fresh rumours
 * @param suspicionPeriods Lifeguard's alpha: a suspicion that enough others confirm lasts so many periods, times the decimal logarithm of the number of
 *     members (at least 1)
 * @param suspicionStretch Lifeguard's beta: one that nobody confirms lasts so many times longer
 * @param exchangeMillis between two full exchanges with random peers, where digests differ
 * @param pauseMillis if our own tick comes this late we were paused, and heard nobody because we did not listen
 * @param newcomerMillis a process younger than this, and accepted by nobody, obeys a refusal
 * @param joinMillis after this we count as joined even if most members are down
 * @param unansweredMillis a process whose messages most members take, and that none of them has answered by then, stops: they talk to another process
 *     with its id, or to a wrong address. 0 means never, for transports that may lose a message without saying so
 * @param forgetMillis members of no ring that are down for so long are forgotten
 * @param lifeguard false for plain SWIM: to compare
 */
public record Timings(
        int periodMillis,
        int directMillis,
        int probeMillis,
        int gossipMillis,
        int suspicionPeriods,
        int suspicionStretch,
        int exchangeMillis,
        int pauseMillis,
        int newcomerMillis,
        int joinMillis,
        int unansweredMillis,
        int forgetMillis,
        boolean lifeguard) {
    public static final Timings DEFAULT =
            new Timings(250, 150, 400, 50, 6, 3, 5_000, 1_000, 10_000, 10_000, 0, 3_600_000, true);

    /** Over connections that report what they can't deliver. */
    public static final Timings CONNECTED = DEFAULT.withUnansweredMillis(15_000);

    public Timings {
        if (periodMillis < 1 || directMillis < 1 || probeMillis < 2 * directMillis || pauseMillis < 1) {
            throw new IllegalArgumentException("impossible timings: a period of " + periodMillis
                    + " ms, an answer expected within " + directMillis + " ms and, by way of others, " + probeMillis
                    + " ms (twice as long at least)");
        }
        if (gossipMillis < 1 || suspicionPeriods < 1 || suspicionStretch < 1 || exchangeMillis < 1) {
            throw new IllegalArgumentException("impossible timings: gossip each " + gossipMillis
                    + " ms, suspicions of " + suspicionPeriods + " periods or " + suspicionStretch
                    + " times as long, exchanges each " + exchangeMillis + " ms");
        }
    }

    public Timings withUnansweredMillis(int millis) {
        return new Timings(
                periodMillis,
                directMillis,
                probeMillis,
                gossipMillis,
                suspicionPeriods,
                suspicionStretch,
                exchangeMillis,
                pauseMillis,
                newcomerMillis,
                joinMillis,
                millis,
                forgetMillis,
                lifeguard);
    }

    /** Plain SWIM, to compare. */
    public Timings withoutLifeguard() {
        return new Timings(
                periodMillis,
                directMillis,
                probeMillis,
                gossipMillis,
                suspicionPeriods,
                suspicionStretch,
                exchangeMillis,
                pauseMillis,
                newcomerMillis,
                joinMillis,
                unansweredMillis,
                forgetMillis,
                false);
    }

    static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
