package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The partitions' files, each opened when it is first needed. A damaged one is moved aside, and an empty one takes its place. */
final class PartitionStores {
    private static final System.Logger LOG = System.getLogger(PartitionStores.class.getName());
    /** A file that another thread just closed is opened again; more often than this it is something else. */
    private static final int ATTEMPTS = 3;

    private final DataDirectory directory;
    private final Disk disk;
    private final int cacheMegabytes;
    private final WriteBuffers buffers;
    private final Consumer<String> damaged;
    private final LackingFile lacking;
    private final AtomicReferenceArray<@Nullable PartitionFile> open;
    private final Object[] locks;
    private final ConcurrentSkipListMap<Integer, RecordFile.Extent> extents;
    private final AtomicLongArray fileBytes;
    private final AtomicIntegerArray losses;

    /** @param damaged told what was found, after the file was moved aside */
    PartitionStores(
            DataDirectory directory,
            Disk disk,
            StorageSettings settings,
            WriteBuffers buffers,
            SortedMap<Integer, RecordFile.Extent> extents,
            LackingFile lacking,
            Consumer<String> damaged)
            throws IOException {
        this.directory = directory;
        this.disk = disk;
        this.buffers = buffers;
        this.damaged = damaged;
        this.lacking = lacking;
        this.extents = new ConcurrentSkipListMap<>(extents);
        this.fileBytes = new AtomicLongArray(settings.partitions());
        this.losses = new AtomicIntegerArray(settings.partitions());
        this.open = new AtomicReferenceArray<>(settings.partitions());
        this.locks = new Object[settings.partitions()];
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new Object();
            Path file = directory.partition(i);
            // Also an empty file is one: 0 is none.
            fileBytes.set(i, Files.exists(file) ? Math.max(1, Files.size(file)) : 0);
        }
        this.cacheMegabytes = settings.memory().pageCacheMegabytes(settings.partitions());
    }

    /**
     * Asks the partition's file, again if another thread closed it meanwhile.
     *
     * @return null if there is no file
     * @throws StoreBrokenException once, when damage is found; the next question finds an empty store
     */
    <T> @Nullable T ask(int partition, Function<PartitionFile, @Nullable T> question) {
        for (int attempt = 1; ; attempt++) {
            PartitionFile file = existing(partition);
            if (file == null) {
                return null;
            }
            try {
                return question.apply(file);
            } catch (StoreBrokenException broken) {
                if (isInterrupted(broken)) {
                    reopen(partition, file);
                } else if (moveAside(partition, file, broken) || attempt == ATTEMPTS) {
                    throw broken;
                }
            }
        }
    }

    /** Nothing changes the partition's file meanwhile. */
    <T> @Nullable T alone(int partition, Supplier<@Nullable T> action) {
        synchronized (locks[partition]) {
            return action.get();
        }
    }

    /** How often records of the partition were found to be gone: its file was moved aside, missing, or shorter than it was. */
    int losses(int partition) {
        return losses.get(partition);
    }

    /** The partition's store if it has one. */
    private @Nullable PartitionFile existing(int partition) {
        PartitionFile file = open.get(partition);
        if (file != null) {
            return file;
        }
        synchronized (locks[partition]) {
            return has(partition) ? openNow(partition) : null;
        }
    }

    /** Whether the partition has a file, or should have one. */
    boolean has(int partition) {
        return fileBytes.get(partition) > 0 || extents.containsKey(partition);
    }

    /** About how many bytes the partition's records take; of a file not opened yet, those of the file. Any thread. */
    long bytes(int partition) {
        return fileBytes.get(partition);
    }

    /** Tells it if the partition's file should be there and is not. */
    void tellMissing(int partition) {
        Path path = directory.partition(partition);
        if (extents.containsKey(partition) && !Files.exists(path)) {
            lost(partition);
            forgetExtent(partition);
            gone(partition);
            damaged.accept("the store " + path + " is missing");
        }
    }

    /** Under the partition's lock. */
    private PartitionFile openNow(int partition) {
        PartitionFile file = open.get(partition);
        if (file != null) {
            return file;
        }
        Path path = directory.partition(partition);
        tellMissing(partition);
        RecordFile.Extent least = extents.get(partition);
        try {
            file = PartitionFile.open(path, disk.storeName(path), cacheMegabytes, open.length(), buffers);
        } catch (StoreBrokenException broken) {
            if (RecordFile.isDiskFailure(broken) || isInterrupted(broken)) {
                throw broken;
            }
            moveAside(partition, null, broken);
            throw broken;
        }
        if (least != null && file.found().fallsShortOf(least)) {
            try {
                lost(partition);
                extents.remove(partition);
                gone(partition);
            } catch (StoreBrokenException notNoted) {
                file.abandon();
                throw notNoted;
            }
            damaged.accept("the store " + path + " has lost its end: it holds " + file.found()
                    + ", and should hold at least " + least + "; what it has is used");
        }
        opened(partition, file);
        return file;
    }

    /**
     * Readers will find less than was there: not before that is written down.
     *
     * @throws StoreBrokenException if it can't be
     */
    private void lost(int partition) {
        try {
            lacking.lost(partition);
        } catch (UncheckedIOException notWritten) {
            throw new StoreBrokenException(
                    "the store " + directory.partition(partition) + " is damaged: " + notWritten.getMessage(),
                    notWritten);
        }
    }

    /**
     * Readers find less now, and trees are built anew. Once more a loss: what was compared since the first, by a tree that still had what is gone, mends nothing.
     *
     * @throws StoreBrokenException if that can't be written down any more
     */
    private void gone(int partition) {
        losses.incrementAndGet(partition);
        lost(partition);
    }

    private void opened(int partition, PartitionFile file) {
        open.set(partition, file);
        fileBytes.set(partition, Math.max(1, file.liveBytes()));
    }

    /** An interrupt closes the channel that the interrupted thread reads: no damage, but the file must be opened anew. */
    private static boolean isInterrupted(StoreBrokenException broken) {
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClosedChannelException) {
                return true;
            }
        }
        return false;
    }

    private void reopen(int partition, PartitionFile file) {
        synchronized (locks[partition]) {
            if (open.get(partition) == file) {
                open.set(partition, null);
                file.abandon();
            }
        }
    }

    /** Whether {@code file} was still the partition's, so that what was found is damage, not a race with who closed it. */
    private boolean moveAside(int partition, @Nullable PartitionFile file, StoreBrokenException broken) {
        synchronized (locks[partition]) {
            if (open.get(partition) != file) {
                return false;
            }
            lost(partition);
            forget(partition, file);
            gone(partition);
            try {
                Path kept = directory.quarantine(directory.partition(partition));
                damaged.accept(broken.getMessage() + " (the file is kept as " + kept + ")");
            } catch (IOException failure) {
                damaged.accept(broken.getMessage() + " (and the file could not be moved aside: " + failure + ")");
            }
            return true;
        }
    }

    private void forget(int partition, @Nullable PartitionFile file) {
        open.set(partition, null);
        if (file != null) {
            file.abandon();
        }
        extents.remove(partition);
        fileBytes.set(partition, 0);
    }

    /**
     * Deletes the partition's file, for good when this returns.
     *
     * @throws UncheckedIOException if it can't be deleted
     */
    void delete(int partition) {
        synchronized (locks[partition]) {
            forget(partition, open.get(partition));
            try {
                disk.delete(directory.partition(partition));
            } catch (IOException failure) {
                throw new UncheckedIOException(directory.partition(partition) + " could not be deleted", failure);
            }
        }
    }

    /**
     * Moves the partition's file to where damaged ones are, complete and for people alone.
     *
     * @throws UncheckedIOException if it can't be moved
     */
    void setAside(int partition) {
        synchronized (locks[partition]) {
            PartitionFile file = open.getAndSet(partition, null);
            if (file != null) {
                file.close();
            }
            forget(partition, null);
            Path path = directory.partition(partition);
            try {
                if (Files.exists(path)) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "partition {0} is set aside: what it held is kept as {1}",
                            partition,
                            directory.quarantine(path));
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(path + " could not be moved aside", failure);
            }
        }
    }

    /**
     * Puts these states into the partition's store and forces them.
     *
     * @throws RuntimeException MVStore's: nothing of it counts as stored, and the store is opened anew the next time
     */
    void apply(int partition, Map<Key, Unapplied> states) {
        synchronized (locks[partition]) {
            PartitionFile file = null;
            try {
                file = openNow(partition);
                states.forEach(file::put);
                extents.put(partition, file.commit());
                opened(partition, file);
            } catch (RuntimeException failure) {
                if (file != null) {
                    open.set(partition, null);
                    file.abandon();
                }
                throw failure;
            }
        }
    }

    /** Found while writing that the store can't be read: out of the way with it. */
    void moveAside(int partition, RuntimeException failure) {
        synchronized (locks[partition]) {
            String what = "the store " + directory.partition(partition) + " can't be changed: " + failure;
            moveAside(partition, open.get(partition), new StoreBrokenException(what, failure));
        }
    }

    /** Found by reading it: out of the way with it. */
    void condemn(int partition, StoreBrokenException broken) {
        synchronized (locks[partition]) {
            moveAside(partition, open.get(partition), broken);
        }
    }

    boolean isOpen(int partition) {
        return open.get(partition) != null;
    }

    /** How far the file should go at least; null if that is not known. */
    RecordFile.@Nullable Extent extent(int partition) {
        return extents.get(partition);
    }

    /** A little housekeeping in the store of one partition. */
    void tidy(int partition, int maxBytes) {
        synchronized (locks[partition]) {
            PartitionFile file = open.get(partition);
            if (file != null) {
                file.tidy(maxBytes);
            }
        }
    }

    /** How far the file goes is not known any more; whether it was. */
    boolean forgetExtent(int partition) {
        return extents.remove(partition) != null;
    }

    int openCount() {
        int count = 0;
        for (int i = 0; i < open.length(); i++) {
            count += open.get(i) == null ? 0 : 1;
        }
        return count;
    }

    SortedMap<Integer, RecordFile.Extent> extents() {
        return new TreeMap<>(extents);
    }

    /** @param inOrder all is committed; else what is not is forgotten */
    void close(boolean inOrder) {
        for (int i = 0; i < open.length(); i++) {
            synchronized (locks[i]) {
                PartitionFile file = open.getAndSet(i, null);
                if (file != null && inOrder) {
                    file.close();
                } else if (file != null) {
                    file.abandon();
                }
            }
        }
    }
}
