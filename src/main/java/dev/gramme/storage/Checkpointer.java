package dev.gramme.storage;

import dev.gramme.wire.Admission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Brings the stores up to date with the log, in a thread of its own, and drops the log's old segments: one checkpoint when a segment's worth of
 * states waits in memory, or after {@link #MAX_AGE_MILLIS}.
 *
 * <p>A checkpoint: the log begins a new segment; every state in memory is put into its store, each store is committed and forced; how far they
 * went is written down; the segments before are dropped. A key written a hundred times between costs one record.
 *
 * <p>A dropped partition's file is deleted by the first checkpoint that begins after the drop was durable, before how far the stores went is
 * written down. A crash between finds the drop in the log, with all that was written after it. A checkpoint that meets a drop of which the log has not
 * told yet leaves that partition, and its old segments, to the next one.
 */
final class Checkpointer implements Runnable {
    private static final System.Logger LOG = System.getLogger(Checkpointer.class.getName());
    static final int MAX_AGE_MILLIS = 30_000;
    private static final int POLL_MILLIS = 100;
    private static final int RETRY_MILLIS = 1_000;
    private static final int TIDY_BYTES = 2 << 20;
    /** Between two stores: a checkpoint ends also where clients leave little. */
    private static final int MAX_REST_MILLIS = 100;
    /** What committing and forcing a store costs beside its states, in bytes of states that cost as much. */
    private static final int STORE_COST_BYTES = 32 << 10;

    private final DataDirectory directory;
    private final StorageSettings settings;
    private final LogWriter writer;
    private final CommitLog log;
    private final StateStore states;
    private final PartitionStores files;
    private final HintStore hints;
    private final HintFile hintFile;
    private final LackingFile lacking;
    private final AtomicLong unappliedBytes;
    private final List<Path> damagedSegments;
    private volatile boolean stopping;
    private volatile boolean wanted;
    private volatile boolean isMarked;
    private volatile @Nullable Admission admission;
    private volatile long checkpoints;
    private long lastNanos = System.nanoTime();
    private int tidied;
    /** The first segment that the mark on the disk says is needed. */
    private long marked;
    /** As the mark has them. */
    private SortedMap<Integer, Long> promises;

    Checkpointer(
            DataDirectory directory,
            StorageSettings settings,
            LogWriter writer,
            CommitLog log,
            StateStore states,
            PartitionStores files,
            HintStore hints,
            HintFile hintFile,
            LackingFile lacking,
            AtomicLong unappliedBytes,
            List<Path> damagedSegments,
            long marked) {
        this.directory = directory;
        this.settings = settings;
        this.writer = writer;
        this.log = log;
        this.states = states;
        this.files = files;
        this.hints = hints;
        this.hintFile = hintFile;
        this.lacking = lacking;
        this.unappliedBytes = unappliedBytes;
        this.damagedSegments = new CopyOnWriteArrayList<>(damagedSegments);
        this.marked = marked;
        this.promises = states.promises().told();
    }

    /** Memory is so full of unapplied states that writes must wait. */
    static boolean isCrowded(long unappliedBytes, StorageSettings settings) {
        return unappliedBytes > 4 * settings.segmentBytes();
    }

    /** So full that writes are refused. */
    static boolean isFlooded(long unappliedBytes, StorageSettings settings) {
        return unappliedBytes > settings.memory().unappliedBytes();
    }

    long checkpoints() {
        return checkpoints;
    }

    /** To rest between stores as long as clients need the disk, from now on. */
    void pacedBy(Admission given) {
        admission = given;
    }

    void stop() {
        stopping = true;
    }

    /** Whether there is a mark on the disk. */
    boolean hasMarked() {
        return isMarked;
    }

    /** One is due now, whatever waits in memory. */
    void want() {
        wanted = true;
    }

    /** {@code segment} is kept aside, not deleted, when all it says is in the stores; and that is due now. */
    void keepAside(Path segment) {
        damagedSegments.add(segment);
        want();
    }

    boolean keepsAside(Path segment) {
        return damagedSegments.contains(segment);
    }

    @Override
    public void run() {
        while (!stopping) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
            boolean was = wanted;
            if (!stopping && isDue() && writer.broken().isEmpty() && !checkpoint(true)) {
                wanted |= was;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
            }
        }
    }

    private boolean isDue() {
        long bytes = unappliedBytes.get();
        return wanted
                || bytes > settings.segmentBytes()
                || writer.bytes() > 2 * settings.segmentBytes()
                || ((bytes > 0
                                || states.hasDrops()
                                || lacking.isToForce()
                                || hints.refusals().any())
                        && System.nanoTime() - lastNanos > TimeUnit.MILLISECONDS.toNanos(MAX_AGE_MILLIS));
    }

    /**
     * Whether everything that was in memory when it began is now in the stores, and forced.
     *
     * @param paced rest between stores, so that requests find the disk free
     */
    synchronized boolean checkpoint(boolean paced) {
        long first;
        wanted = false;
        Map<Integer, Long> mended = lacking.unforced();
        SortedMap<Integer, Integer> refused = hints.refusals().begun();
        states.ripenDrops();
        try {
            first = log.roll();
            // Of all that is in the segments before: the log tells of a promise when it is forced.
            promises = states.promises().told();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
        if (!writer.broken().isEmpty()) {
            return false;
        }
        boolean complete = applyAll(paced);
        lastNanos = System.nanoTime();
        if (complete) {
            try {
                mark(first);
                drop(first);
            } catch (IOException failure) {
                failed("the checkpoint in " + directory.root() + " could not be written", failure);
                return false;
            }
            lacking.forced(mended);
            hints.refusals().through(refused);
            checkpoints++;
        }
        return complete;
    }

    private void mark(long first) throws IOException {
        SortedMap<Integer, Long> epochs = states.epochsToMark();
        new CheckpointMark(first, files.extents(), epochs, promises)
                .write(directory.root().resolve("checkpoint"));
        states.marked(epochs);
        marked = first;
        isMarked = true;
    }

    /** Before a file is deleted: how far it went must not be asked of the one that takes its place, should this checkpoint not come to its end. */
    private boolean forgetExtent(int partition) {
        return !(states.deletesFile(partition) && files.forgetExtent(partition)) || markAgain();
    }

    /** Nothing of the log is dropped by it. */
    private boolean markAgain() {
        try {
            mark(marked);
            return true;
        } catch (IOException failure) {
            failed("the checkpoint in " + directory.root() + " could not be written", failure);
            return false;
        }
    }

    /** Before the file forgets what was collected. Marks the epochs of all others too. */
    private boolean markEpoch(int partition) {
        return !states.hasEpochToMark(partition) || markAgain();
    }

    private boolean applyAll(boolean paced) {
        boolean complete = true;
        for (int partition = 0; partition < settings.partitions(); partition++) {
            long start = System.nanoTime();
            long before = unappliedBytes.get();
            int p = partition;
            if (!forgetExtent(p) || !markEpoch(p)) {
                return false;
            }
            Applied applied = apply(() -> states.apply(p), failure -> files.moveAside(p, failure));
            if (applied == Applied.FAILED) {
                return false;
            }
            complete &= applied == Applied.ALL;
            if (paced && mayRest()) {
                LockSupport.parkNanos(Math.min(System.nanoTime() - start, TimeUnit.MILLISECONDS.toNanos(20)));
                giveWay(before - unappliedBytes.get());
            }
        }
        boolean hinted = apply(hints::apply, hints::moveAside) == Applied.ALL;
        if (hinted && paced) {
            tidyOne();
        }
        return complete && hinted;
    }

    private boolean mayRest() {
        return !stopping && !isCrowded(unappliedBytes.get() * 2, settings);
    }

    /** @param bytes that the last store was brought forward by; none if what came meanwhile was more */
    private void giveWay(long bytes) {
        Admission given = admission;
        if (given == null || bytes <= 0) {
            return;
        }
        given.took(bytes + STORE_COST_BYTES, System.nanoTime());
        long latest = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_REST_MILLIS);
        while (mayRest() && System.nanoTime() - latest < 0 && !given.isOpen(System.nanoTime())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Admission.ASK_AGAIN_MILLIS));
        }
    }

    private enum Applied {
        ALL,
        /** Something must wait for the next checkpoint. */
        NOT_YET,
        FAILED
    }

    private interface Step {
        /** Whether all is applied now. */
        boolean run();
    }

    private interface Aside {
        void move(RuntimeException failure);
    }

    /** Applies one store, a second time with an empty one if the first was found damaged. */
    private Applied apply(Step step, Aside aside) {
        try {
            return step.run() ? Applied.ALL : Applied.NOT_YET;
        } catch (UncheckedIOException failure) {
            failed("a file in " + directory.root() + " could not be deleted", failure);
            return Applied.FAILED;
        } catch (RuntimeException failure) {
            if (Disk.saysFull(failure) || RecordFile.isDiskFailure(failure)) {
                failed("a store in " + directory.root() + " could not be written", failure);
                return Applied.FAILED;
            }
            return again(step, aside, failure);
        }
    }

    private Applied again(Step step, Aside aside, RuntimeException found) {
        try {
            aside.move(found);
            return step.run() ? Applied.ALL : Applied.NOT_YET;
        } catch (RuntimeException failure) {
            failed("a new store in " + directory.root() + " could not be written", failure);
            return Applied.FAILED;
        }
    }

    private void failed(String what, Exception failure) {
        if (Disk.saysFull(failure)) {
            if (!writer.isFull()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}: no room. Writes are refused until there is; reads go on.",
                        what);
            }
            writer.setFull();
        } else {
            // Also a failed force: what the file holds is unknown now, so nothing may build on it.
            writer.breakDown(what + ": " + failure);
        }
        log.wake();
    }

    private void drop(long before) throws IOException {
        List<LogRecovery.Segment> old = writer.takeBefore(before);
        for (LogRecovery.Segment segment : old) {
            if (damagedSegments.contains(segment.file())) {
                directory.quarantine(segment.file());
            } else {
                Files.deleteIfExists(segment.file());
            }
        }
    }

    /** MVStore never rewrites half-dead chunks by itself here: one store a checkpoint, by turns. */
    private void tidyOne() {
        tidied = (tidied + 1) % (settings.partitions() + 1);
        try {
            if (tidied == settings.partitions()) {
                hintFile.tidy(TIDY_BYTES);
            } else {
                files.tidy(tidied, TIDY_BYTES);
            }
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.WARNING, "a store could not be tidied up: {0}", failure.toString());
        }
    }
}
