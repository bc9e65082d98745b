package dev.gramme.storage;

import dev.gramme.wire.Admission;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything on the disk, before somebody needs it: the partitions' files, then the hints, the log and the small files. In a thread of its own: all of it now, when asked to; and by itself one
 * part after the other, evenly spread, each once within an interval, on and on over restarts. (Latent errors come together and wait for the day on which the other copy is needed:
 * Bairavasundaram et al. 2007; Schwarz et al. 2004, "Disk Scrubbing in Large Archival Storage Systems".)
 */
public final class Scrub implements Runnable {
    private static final System.Logger LOG = System.getLogger(Scrub.class.getName());
    /** Read in a second when somebody waits for it, at most. */
    static final long ASKED_BYTES_PER_SECOND = 64L << 20;
    /** Read in a second when nobody does, at most. */
    static final long OWN_BYTES_PER_SECOND = 4L << 20;
    /** Findings that are kept; how many there were is counted. */
    static final int MAX_KEPT = 100;

    /** The clock may be set meanwhile. */
    private static final long POLL_MILLIS = 1_000;

    private final Path file;
    private final int parts;
    private final IntPredicate holds;
    private final IntFunction<Check> checks;
    private volatile Admission admission = new Always();
    private final Deque<Integer> asked = new ArrayDeque<>();
    private final Deque<Finding> found = new ArrayDeque<>();
    private int askedFor;
    private long intervalMillis;
    private long records;
    private long bytes;
    private long findings;
    private ScrubMark mark;
    private volatile boolean stopping;
    private @Nullable Thread thread;

    /**
     * @param file that says how far it has come
     * @param parts how many there are
     * @param holds whether there is anything to read of a part
     * @param checks what reads one
     */
    Scrub(Path file, int parts, IntPredicate holds, IntFunction<Check> checks) {
        this.file = file;
        this.parts = parts;
        this.holds = holds;
        this.checks = checks;
        this.mark = readMark();
    }

    private ScrubMark readMark() {
        long now = System.currentTimeMillis();
        try {
            ScrubMark read = ScrubMark.read(file, now);
            return new ScrubMark(read.next() % parts, Math.min(now, read.lastMillis()), read.completeMillis());
        } catch (IOException damaged) {
            LOG.log(System.Logger.Level.WARNING, "{0}: the scrub begins anew", damaged.getMessage());
            return new ScrubMark(0, now, 0);
        }
    }

    synchronized void runOn(Thread own) {
        thread = own;
    }

    /** From now on it asks before each slice. To be used by this scrub's thread alone. */
    public void admittedBy(Admission others) {
        admission = others;
    }

    /** From now on each part is read once within so many milliseconds, without being asked; 0: none is. */
    public synchronized void every(long millis) {
        intervalMillis = millis;
        wake();
    }

    /** Everything is read from now on. */
    public synchronized void ask() {
        asked.clear();
        for (int part = 0; part < parts; part++) {
            if (holds.test(part)) {
                asked.add(part);
            }
        }
        askedFor = asked.size();
        wake();
    }

    public synchronized ScrubStatus status() {
        return new ScrubStatus(
                asked.size(), askedFor, records, bytes, findings, new ArrayList<>(found), mark.completeMillis());
    }

    void stop() {
        stopping = true;
        synchronized (this) {
            wake();
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        while (!stopping) {
            Integer first = firstAsked();
            if (first != null) {
                read(first, ASKED_BYTES_PER_SECOND);
                answered(first);
                continue;
            }
            long left = millisToNext(System.currentTimeMillis());
            if (left <= 0) {
                read(mark.next(), OWN_BYTES_PER_SECOND);
                goOn();
            } else {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(left, POLL_MILLIS)));
            }
        }
    }

    private synchronized @Nullable Integer firstAsked() {
        return asked.peek();
    }

    /** If nobody asked for all anew meanwhile. */
    private synchronized void answered(Integer part) {
        if (!stopping && part.equals(asked.peek())) {
            asked.remove();
            if (asked.isEmpty()) {
                // All has just been read, so the own turn may begin anew.
                long now = System.currentTimeMillis();
                write(new ScrubMark(0, now, now));
            }
        }
    }

    /** Until the next part is due by itself. */
    private synchronized long millisToNext(long nowMillis) {
        return intervalMillis == 0 ? POLL_MILLIS : mark.lastMillis() + intervalMillis / parts - nowMillis;
    }

    private synchronized void goOn() {
        if (!stopping) {
            long now = System.currentTimeMillis();
            int next = (mark.next() + 1) % parts;
            write(new ScrubMark(next, now, next == 0 ? now : mark.completeMillis()));
        }
    }

    private void write(ScrubMark next) {
        mark = next;
        try {
            next.write(file);
        } catch (IOException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "how far the scrub has come could not be kept; after a restart it reads some again: {0}",
                    failure.toString());
        }
    }

    private void read(int part, long bytesPerSecond) {
        Check check = checks.apply(part);
        try {
            for (boolean more = true; more && awaitAdmission(); ) {
                Slice slice = check.next();
                admission.took(slice.bytes(), System.nanoTime());
                count(slice);
                more = slice.more();
                rest(slice.bytes(), bytesPerSecond);
            }
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.WARNING, "a part could not be scrubbed; it is read again next time", failure);
        }
    }

    /** False if it is to stop. */
    private boolean awaitAdmission() {
        while (!stopping && !admission.isOpen(System.nanoTime())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Admission.ASK_AGAIN_MILLIS));
        }
        return !stopping;
    }

    private synchronized void count(Slice slice) {
        records += slice.records();
        bytes += slice.bytes();
        for (Finding finding : slice.found()) {
            findings++;
            found.add(finding);
            if (found.size() > MAX_KEPT) {
                found.remove();
            }
        }
    }

    private void rest(long read, long bytesPerSecond) {
        long end = System.nanoTime() + (long) (read * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
        for (long left = end - System.nanoTime(); left > 0 && !stopping; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Where nobody else is asked. */
    private static final class Always implements Admission {
        @Override
        public boolean isOpen(long nowNanos) {
            return true;
        }

        @Override
        public int sliceBytes(int mostBytes) {
            return mostBytes;
        }

        @Override
        public void took(long bytes, long nowNanos) {
            // There is nothing to count it against.
        }
    }
}
