package dev.gramme.antientropy;

import dev.gramme.version.Now;
import dev.gramme.wire.Outlook;

/** What repair is given to handle one event: what holds, what time it is, and where to put what is to be done. */
public record Moment(Outlook outlook, Now now, RepairOutbox out) {
    static final long NANOS_PER_MILLI = 1_000_000;

    long nanos() {
        return now.nanos();
    }

    long nanosIn(long millis) {
        return now.nanos() + millis * NANOS_PER_MILLI;
    }
}
