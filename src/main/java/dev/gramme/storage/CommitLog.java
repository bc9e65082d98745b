package dev.gramme.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The log's queue and its one thread: group commit. Whatever waits when the thread comes round goes out as one frame, with one force, and all
 * of it is then told (Helland et al. 1987, "Group Commit Timers"; no timer here: a force takes long enough for a group to gather).
 *
 * <p>Bounds: {@code maxQueued} mutations and {@code maxQueuedBytes} in the queue; while {@code crowded} says that memory is full of states that the stores do not hold yet,
 * the thread waits, so acknowledgements come slower until the queue is full.
 */
final class CommitLog implements AutoCloseable {
    private static final int MAX_GROUP_BYTES = 4 << 20;
    private static final int PROBE_MILLIS = 250;

    private record Entry(
            byte[] bytes, int length, int mutations, boolean makesRoom, boolean forced, PersistCallback done) {}

    private final Object lock = new Object();
    private final LogWriter writer;
    private final Thread thread;
    private final int maxQueued;
    /** Many small mutations may wait, but not many large ones. */
    private final long maxQueuedBytes;

    private final boolean sync;
    private final int intervalMillis;
    private final BooleanSupplier crowded;
    private final Runnable statusChanged;
    private List<Entry> queue = new ArrayList<>();
    private int queuedMutations;
    private long queuedBytes;
    private boolean rollWanted;
    private boolean closing;
    private boolean wasWritable = true;

    CommitLog(LogWriter writer, StorageSettings settings, BooleanSupplier crowded, Runnable statusChanged) {
        this.writer = writer;
        this.maxQueued = settings.maxQueuedMutations();
        this.maxQueuedBytes = settings.memory().queuedBytes();
        this.sync = settings.durability() == Durability.SYNC;
        this.intervalMillis = settings.intervalMillis();
        this.crowded = crowded;
        this.statusChanged = statusChanged;
        this.thread = new Thread(this::run, "gramme-log-" + settings.node());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Queues encoded mutations; the array's first {@code length} bytes must not change any more.
     *
     * @param makesRoom also written while the log is full, in what it leaves free: it is what ends a full disk
     * @param forced told as durable when it is forced, whatever durability was asked for
     * @return false if the queue is full: then {@code done} is not told
     */
    boolean append(byte[] bytes, int length, int mutations, boolean makesRoom, boolean forced, PersistCallback done) {
        synchronized (lock) {
            boolean room = queuedMutations + mutations <= maxQueued && queuedBytes + length <= maxQueuedBytes;
            if (closing || (queuedMutations > 0 && !room)) {
                return false;
            }
            queue.add(new Entry(bytes, length, mutations, makesRoom, forced, done));
            queuedMutations += mutations;
            queuedBytes += length;
            if (queue.size() == 1) {
                lock.notifyAll();
            }
            return true;
        }
    }

    int queuedMutations() {
        synchronized (lock) {
            return queuedMutations;
        }
    }

    /** The log's thread may sleep without end: somebody else found the disk full or broken, which it has to tell and to probe. */
    void wake() {
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    /** Starts a new segment for what is appended from now on, and waits for it. Returns its number. */
    long roll() throws InterruptedException {
        synchronized (lock) {
            rollWanted = true;
            lock.notifyAll();
            while (rollWanted && thread.isAlive()) {
                lock.wait(100);
            }
        }
        return writer.segment();
    }

    private void run() {
        try {
            while (true) {
                List<Entry> group = take();
                if (group == null) {
                    break;
                }
                write(group);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error unexpected) {
            writer.breakDown("the log's thread failed: " + unexpected);
            System.getLogger(CommitLog.class.getName())
                    .log(System.Logger.Level.ERROR, "the log's thread failed", unexpected);
            statusChanged.run();
            failAll();
            throw unexpected;
        }
        writer.close();
    }

    /** Waits for work. Null when closing and nothing is left. */
    private @Nullable List<Entry> take() throws InterruptedException {
        while (true) {
            boolean roll;
            synchronized (lock) {
                long waitMillis = waitMillis();
                if (nothingToDo() && waitMillis >= 0) {
                    lock.wait(waitMillis);
                }
                roll = rollWanted;
                if (!roll && !mustWait() && !queue.isEmpty()) {
                    return takeGroup();
                }
                if (!roll && closing && queue.isEmpty()) {
                    return null;
                }
            }
            if (roll) {
                // All that was queued before the wish is still queued, and goes to the new segment: its states are in
                // memory already.
                writer.roll();
                synchronized (lock) {
                    rollWanted = false;
                    lock.notifyAll();
                }
            }
            idle();
        }
    }

    private boolean nothingToDo() {
        return !rollWanted && !closing && (queue.isEmpty() || mustWait());
    }

    private boolean mustWait() {
        return !closing && writer.isWritable() && crowded.getAsBoolean();
    }

    /** How long to sleep: 0 is until woken, as {@code wait} has it; -1 is not at all. */
    private long waitMillis() {
        if (writer.isWritable() != wasWritable) {
            return -1;
        }
        if (!queue.isEmpty()) {
            return 5;
        }
        if (writer.isFull()) {
            return PROBE_MILLIS;
        }
        if (!sync && writer.hasUnforced()) {
            long left = intervalMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - writer.firstUnforcedNanos());
            return left <= 0 ? -1 : left;
        }
        return 0;
    }

    private List<Entry> takeGroup() {
        List<Entry> all = queue;
        long bytes = 0;
        int count = 0;
        while (count < all.size() && (count == 0 || bytes + all.get(count).length() <= MAX_GROUP_BYTES)) {
            bytes += all.get(count).length();
            queuedMutations -= all.get(count).mutations();
            queuedBytes -= all.get(count).length();
            count++;
        }
        queue = new ArrayList<>(all.subList(count, all.size()));
        return count == all.size() ? all : all.subList(0, count);
    }

    private void idle() {
        if (writer.isFull()) {
            writer.probe();
        }
        if (!sync) {
            forceIfDue();
        }
        tellStatus();
    }

    private void forceIfDue() {
        if (writer.hasUnforced()
                && System.nanoTime() - writer.firstUnforcedNanos() >= TimeUnit.MILLISECONDS.toNanos(intervalMillis)) {
            writer.force();
        }
    }

    private void write(List<Entry> group) {
        if (writer.isFull()) {
            writer.probe();
        }
        PersistCallback.Outcome outcome = commit(group, false);
        tellStatus();
        boolean full = outcome == PersistCallback.Outcome.FULL;
        for (Entry entry : group) {
            tell(entry, full && entry.makesRoom() ? commit(List.of(entry), true) : outcome);
        }
    }

    private PersistCallback.Outcome commit(List<Entry> group, boolean intoReserve) {
        writer.begin();
        for (Entry entry : group) {
            writer.add(entry.bytes(), entry.length());
        }
        PersistCallback.Outcome outcome = writer.commit(sync || group.stream().anyMatch(Entry::forced), intoReserve);
        if (!sync) {
            forceIfDue();
        }
        return outcome;
    }

    private static void tell(Entry entry, PersistCallback.Outcome outcome) {
        try {
            entry.done().persisted(outcome);
        } catch (RuntimeException wrong) {
            System.getLogger(CommitLog.class.getName())
                    .log(System.Logger.Level.ERROR, "who was told '" + outcome + "' failed", wrong);
        }
    }

    private void failAll() {
        List<Entry> left;
        synchronized (lock) {
            closing = true;
            left = queue;
            queue = new ArrayList<>();
            queuedMutations = 0;
            queuedBytes = 0;
            rollWanted = false;
            lock.notifyAll();
        }
        left.forEach(entry -> tell(entry, PersistCallback.Outcome.BROKEN));
    }

    private void tellStatus() {
        boolean writable = writer.isWritable();
        if (writable != wasWritable) {
            wasWritable = writable;
            statusChanged.run();
        }
    }

    /** Writes what is queued, forces, and ends the thread. */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        EndOfThread.await(thread);
    }
}
