package dev.gramme.node;

import dev.gramme.wire.BackgroundWork;
import java.util.Map;

/**
 * What the controller of background work has decided since the start, and by what, for people to see.
 *
 * @param bytesPerSecond that it lets through now
 * @param lowered windows at whose end it let less through
 * @param raised those at whose end it let more
 */
public record BackgroundFigures(
        double bytesPerSecond,
        long lowered,
        long raised,
        Map<BackgroundWork, Work> work,
        Map<Foreground, Felt> foreground) {
    /**
     * @param slices admitted
     * @param bytes that they took
     * @param heldBack times that somebody asked in vain
     * @param waiting who asked in vain last, and a moment ago
     */
    public record Work(long slices, long bytes, long heldBack, int waiting) {
        public static final Work NONE = new Work(0, 0, 0, 0);
    }

    /**
     * In the unit of the signal.
     *
     * @param quietTail the 99th percentile without background work; 0 while it is not known
     * @param limit what is more is slow
     * @param slow how many were, beside background work
     */
    public record Felt(long quietTail, long limit, long slow) {
        public static final Felt NONE = new Felt(0, 0, 0);
    }
}
