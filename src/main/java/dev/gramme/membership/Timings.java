package dev.gramme.membership;

/**
 * How patient the failure detector is; all in milliseconds.
 *
 * @param intervalMillis between two heartbeats to one peer
 * @param suspectMillis of silence make a suspect
 * @param downMillis of silence, or without one of our heartbeats being echoed, mean down
 * @param pauseMillis if our own tick comes this late we were paused, and heard nobody because we did not listen
 * @param newcomerMillis a process younger than this, and accepted by nobody, obeys a refusal
 * @param joinMillis after this we count as joined even if most members are down
 * @param unansweredMillis a process whose heartbeats most members take, and that none of them has answered by then, stops: they talk to another
 *     process with its id, or to a wrong address. 0 means never, for transports that may lose a message without saying so
 */
public record Timings(
        int intervalMillis,
        int suspectMillis,
        int downMillis,
        int pauseMillis,
        int newcomerMillis,
        int joinMillis,
        int unansweredMillis) {
    public static final Timings DEFAULT = new Timings(250, 1_000, 2_500, 1_000, 10_000, 10_000, 0);

    /** Over connections that report what they can't deliver. */
    public static final Timings CONNECTED = DEFAULT.withUnansweredMillis(15_000);

    public Timings {
        if (intervalMillis < 1 || suspectMillis < 2 * intervalMillis || downMillis < suspectMillis || pauseMillis < 1) {
            throw new IllegalArgumentException(
                    "impossible timings: an interval of " + intervalMillis + " ms, suspect after " + suspectMillis
                            + " ms (two intervals at least), down after " + downMillis + " ms (not sooner)");
        }
    }

    public Timings withUnansweredMillis(int millis) {
        return new Timings(intervalMillis, suspectMillis, downMillis, pauseMillis, newcomerMillis, joinMillis, millis);
    }
}
