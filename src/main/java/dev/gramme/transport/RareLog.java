package dev.gramme.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** Warns at most once in a while, so that a hostile or broken peer can't fill the log, and then says how many lines it held back. */
public final class RareLog {
    static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final LongSupplier nanos;
    private final long intervalNanos;
    private long nextNanos;
    private long heldBack;

    public RareLog(Logger log, LongSupplier nanos) {
        this(log, nanos, SECOND_NANOS);
    }

    RareLog(Logger log, LongSupplier nanos, long intervalNanos) {
        this.log = log;
        this.nanos = nanos;
        this.intervalNanos = intervalNanos;
        this.nextNanos = nanos.getAsLong();
    }

    /** @return whether the line was written */
    public synchronized boolean warn(String line) {
        long now = nanos.getAsLong();
        if (now - nextNanos < 0) {
            heldBack++;
            return false;
        }
        log.warn(heldBack == 0 ? line : line + " (and " + heldBack + " more such lines held back)");
        nextNanos = now + intervalNanos;
        heldBack = 0;
        return true;
    }
}
