package dev.gramme.node;

import dev.gramme.wire.Admission;
import dev.gramme.wire.BackgroundWork;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Admits a node's background work by slices, as many bytes a second as clients do not feel, and the kinds of it in turn: the admission controller of the paper's 6.5. Not
 * thread-safe.
 *
 * <p>What clients feel is told by signals ({@link Foreground}); slow is what is more than twice the 99th percentile of quiet times, those with next to no
 * background work. Each window ends with a decision, as TCP's do: each answer that was not slow raises the rate a little and each slow one lowers it by as much as 199
 * raise it, so that about one answer in two hundred is slow where the rate stays, and the 99th percentile is less than that; the signal that fares worst decides (reads and writes are signals of
 * their own), and at most the rate is halved. Where no client has asked for a while, a window without late ticks raises it by half. It is only raised while somebody is held back by it, and
 * never falls to nothing: work that is put off for good ends in more of it.
 *
 * <p>Who has had no quiet time yet, as a newcomer that takes over what it owns for days, is not kept at the least rate for good by a disk that is slow anyway: where the rate has been at its least for
 * half a minute, what clients feel there counts as usual, for some minutes. A node that knows nothing of its clients yet begins at the least: its code
 * is cold.
 *
 * <p>A slice is small where the rate is, because it is a moment in which a loop or a disk does nothing else.
 */
public final class BackgroundController implements BackgroundControl {
    static final double LEAST_BYTES_PER_SECOND = 512 << 10;
    static final double FIRST_BYTES_PER_SECOND = 2 << 20;
    static final double MOST_BYTES_PER_SECOND = 128 << 20;
    static final int SLICES_A_SECOND = 40;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long WINDOW_NANOS = SECOND_NANOS / 4;
    /** With less it is quiet. */
    private static final long QUIET_BYTES_PER_SECOND = 16 << 10;
    /** The rate is at its least, give or take what a few answers raise it by. */
    private static final double NEAR_LEAST = 1.25 * LEAST_BYTES_PER_SECOND;

    /** After so long there, what clients feel is not for background work. */
    private static final long RESIGNED_AFTER_NANOS = 30 * SECOND_NANOS;

    /** Soon after a slice it is not, however small the slice was. */
    private static final long QUIET_AFTER_NANOS = 2 * SECOND_NANOS;

    private static final long CREDIT_NANOS = SECOND_NANOS / 100;
    /** One slice, however large, keeps all others waiting for no longer. */
    private static final long MOST_DEBT_NANOS = 2 * SECOND_NANOS;

    /** Logarithms of what the rate is multiplied by: by an answer that was not slow, and in a window at most. */
    private static final double RAISE_BY_ANSWER = 0.0035;

    private static final int SLOW_ONE_COSTS = 199;
    private static final double MOST_RAISE = StrictMath.log(1.25);
    private static final double MOST_RAISE_ALONE = StrictMath.log(1.5);
    private static final double MOST_FALL = StrictMath.log(0.5);
    /** Without an answer for so long no client is there. */
    private static final long ALONE_NANOS = SECOND_NANOS;

    private final boolean adaptive;
    private final FairTurns turns = new FairTurns();
    private final Map<Foreground, ForegroundSignal> signals = new EnumMap<>(Foreground.class);
    private double perSecond = LEAST_BYTES_PER_SECOND;
    /** When it was last quiet, or more than the least was let through. */
    private long easyNanos;

    private boolean started;
    private long nextSliceNanos;
    private long quietFromNanos;
    private long windowNanos;
    /** Somebody was, in this window. */
    private boolean heldBack;

    private long lowered;
    private long raised;

    public BackgroundController(BackgroundPace pace) {
        this.adaptive = pace == BackgroundPace.ADAPTIVE;
        for (Foreground what : Foreground.values()) {
            signals.put(what, new ForegroundSignal(what));
        }
    }

    private void start(long nowNanos) {
        if (!started) {
            started = true;
            nextSliceNanos = nowNanos;
            quietFromNanos = nowNanos;
            windowNanos = nowNanos;
            easyNanos = nowNanos;
        }
    }

    @Override
    public void felt(Foreground what, long value, long nowNanos) {
        start(nowNanos);
        signal(what).felt(value, isQuiet(nowNanos), isResigned(nowNanos), nowNanos);
        if (nowNanos - windowNanos >= WINDOW_NANOS) {
            windowNanos = nowNanos;
            decide(nowNanos);
        }
    }

    private boolean isQuiet(long nowNanos) {
        return nowNanos - quietFromNanos >= 0;
    }

    private boolean isResigned(long nowNanos) {
        return nowNanos - easyNanos >= RESIGNED_AFTER_NANOS;
    }

    private void decide(long nowNanos) {
        double step = step(nowNanos);
        if (isQuiet(nowNanos)) {
            perSecond = isUsualKnown() ? FIRST_BYTES_PER_SECOND : LEAST_BYTES_PER_SECOND;
        } else if (step < 0) {
            lowered++;
            perSecond = Math.max(LEAST_BYTES_PER_SECOND, perSecond * StrictMath.exp(step));
        } else if (step > 0 && heldBack) {
            raised++;
            perSecond = Math.min(MOST_BYTES_PER_SECOND, perSecond * StrictMath.exp(step));
        }
        if (isQuiet(nowNanos) || perSecond > NEAR_LEAST) {
            easyNanos = nowNanos;
        }
        heldBack = false;
    }

    /** By clients of some kind, so that it can be told what they feel; else it goes up from the least. */
    private boolean isUsualKnown() {
        return signals.entrySet().stream()
                .anyMatch(s -> s.getKey().tellsOfClients && s.getValue().quietTail() > 0);
    }

    /** The logarithm of what this window is to change the rate by. */
    private double step(long nowNanos) {
        boolean alone = true;
        boolean heard = false;
        double least = MOST_RAISE_ALONE;
        for (Map.Entry<Foreground, ForegroundSignal> entry : signals.entrySet()) {
            ForegroundSignal signal = entry.getValue();
            boolean ofClients = entry.getKey().tellsOfClients;
            boolean counts = signal.isSlow() || (ofClients && signal.isAnyInWindow());
            alone &= !(ofClients && signal.isPresent(nowNanos, ALONE_NANOS));
            heard |= counts;
            double step = RAISE_BY_ANSWER * signal.takeScore(SLOW_ONE_COSTS);
            if (counts) {
                least = Math.min(least, step);
            }
        }
        if (!heard && !alone) {
            return 0;
        }
        return Math.clamp(least, MOST_FALL, alone ? MOST_RAISE_ALONE : MOST_RAISE);
    }

    @Override
    public Admission of(BackgroundWork work) {
        return new OneUser(turns.add(work));
    }

    private final class OneUser implements Admission {
        private final FairTurns.User user;

        OneUser(FairTurns.User user) {
            this.user = user;
        }

        @Override
        public boolean isOpen(long nowNanos) {
            if (!adaptive) {
                return true;
            }
            start(nowNanos);
            turns.asks(user, nowNanos);
            boolean isFree = nowNanos - nextSliceNanos >= 0;
            heldBack |= !isFree;
            boolean isOpen = isFree && turns.isFirst(user, nowNanos);
            if (isOpen) {
                turns.admitted(user);
            } else {
                turns.heldBack(user);
            }
            return isOpen;
        }

        @Override
        public int sliceBytes(int mostBytes) {
            return adaptive ? Math.min(mostBytes, (int) (perSecond / SLICES_A_SECOND)) : mostBytes;
        }

        @Override
        public void took(long bytes, long nowNanos) {
            start(nowNanos);
            turns.took(user, bytes);
            long quietAfter = bytes * SECOND_NANOS / QUIET_BYTES_PER_SECOND;
            quietFromNanos = Math.min(nowNanos + QUIET_AFTER_NANOS, Math.max(nowNanos, quietFromNanos) + quietAfter);
            // A tick's worth of what was not used may be made up for: that often it is asked.
            long from = Math.max(nextSliceNanos, nowNanos - CREDIT_NANOS);
            nextSliceNanos =
                    Math.min(nowNanos + MOST_DEBT_NANOS, from + (long) (bytes * (double) SECOND_NANOS / perSecond));
        }
    }

    /** Bytes, as of now. */
    double perSecond() {
        return perSecond;
    }

    ForegroundSignal signal(Foreground what) {
        return Objects.requireNonNull(signals.get(what));
    }

    /** As of now. */
    public BackgroundFigures figures(long nowNanos) {
        Map<Foreground, BackgroundFigures.Felt> felt = new EnumMap<>(Foreground.class);
        signals.forEach((what, signal) ->
                felt.put(what, new BackgroundFigures.Felt(signal.quietTail(), signal.limit(), signal.slowOnes())));
        double rate = adaptive ? perSecond : Double.POSITIVE_INFINITY;
        return new BackgroundFigures(rate, lowered, raised, turns.figures(nowNanos), felt);
    }
}
