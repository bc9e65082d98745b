package dev.gramme.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** Warns at most once in a while, so that a hostile or broken peer can't fill the log, and then says how many lines it held back. */
final class RareLog {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Logger log;
    private final LongSupplier nanos;
    private long nextNanos;
    private long heldBack;

    RareLog(Logger log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
        this.nextNanos = nanos.getAsLong();
    }

    /** @return whether the line was written */
    synchronized boolean warn(String line) {
        long now = nanos.getAsLong();
        if (now - nextNanos < 0) {
            heldBack++;
            return false;
        }
        log.warn(heldBack == 0 ? line : line + " (and " + heldBack + " more such lines held back)");
        nextNanos = now + INTERVAL_NANOS;
        heldBack = 0;
        return true;
    }
}
