package dev.gramme.node;

import dev.gramme.version.Now;
import java.util.concurrent.TimeUnit;

/** How much this node has pulled for the change under way, for people: taken once a second, so that what is told of it does not change with each message. */
final class TransferFigures {
    static final int EVERY_MILLIS = 1_000;

    /** The last second counts for one in so many: a rate over the last few. */
    private static final int SECONDS = 4;

    private long bytes;
    private long shownBytes;
    private long shownRate;
    private long takenNanos;
    private boolean begun;

    void add(long more) {
        bytes += more;
    }

    void restart() {
        bytes = 0;
        shownBytes = 0;
        shownRate = 0;
        begun = false;
    }

    void tick(Now now) {
        long nanos = now.nanos() - takenNanos;
        if (begun && nanos < TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS)) {
            return;
        }
        if (begun) {
            double seconds = (double) nanos / TimeUnit.SECONDS.toNanos(1);
            long latest = Math.round((bytes - shownBytes) / seconds);
            shownRate = shownRate == 0 ? latest : (shownRate * (SECONDS - 1) + latest) / SECONDS;
        }
        begun = true;
        takenNanos = now.nanos();
        shownBytes = bytes;
    }

    /** Pulled since this node took the change up, or was started. */
    long bytes() {
        return shownBytes;
    }

    long bytesPerSecond() {
        return shownRate;
    }
}
