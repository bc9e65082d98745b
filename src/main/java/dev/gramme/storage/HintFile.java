package dev.gramme.storage;

import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.NodeId;
import dev.gramme.storage.RecordKeys.HintId;
import dev.gramme.version.VersionSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The file of hints, made when the first hint is written out. A damaged one is moved aside: hints are a second copy, and what they said reaches
 * the owner by read repair and anti-entropy.
 */
final class HintFile {
    /** Of what the partitions' stores have together for pages, it has one part in so many, and a megabyte at least. */
    private static final int CACHE_SHARE = 16;

    static final String RECORDS = "records";

    private final DataDirectory directory;
    private final Path path;
    private final Disk disk;
    private final int cacheMegabytes;
    private final WriteBuffers buffers;
    private final Consumer<String> damaged;
    private volatile @Nullable RecordFile open;
    private volatile long liveBytes;
    private volatile long records;

    /** @param damaged told what was found, after the file was moved aside; the caller counts anew */
    HintFile(
            DataDirectory directory,
            Disk disk,
            StorageSettings settings,
            WriteBuffers buffers,
            Consumer<String> damaged) {
        this.directory = directory;
        this.path = directory.hints();
        this.disk = disk;
        this.cacheMegabytes = Math.max(1, settings.memory().pageCacheMegabytes(CACHE_SHARE));
        this.buffers = buffers;
        this.damaged = damaged;
    }

    @Nullable
    VersionSet read(byte[] key) {
        RecordFile file = existing();
        try {
            return file == null ? null : file.read(key);
        } catch (StoreBrokenException broken) {
            return again(file, broken) ? read(key) : null;
        }
    }

    boolean contains(byte[] key) {
        RecordFile file = existing();
        try {
            return file != null && file.contains(key);
        } catch (StoreBrokenException broken) {
            return again(file, broken) && contains(key);
        }
    }

    /** Adds up to {@code limit} hints of one owner and partition that pass {@code wanted}. */
    void first(NodeId owner, int partition, int limit, Predicate<HintId> wanted, List<HintId> into) {
        RecordFile file = existing();
        if (file == null) {
            return;
        }
        byte[] start = RecordKeys.startOf(owner, partition);
        try {
            Iterator<byte[]> keys = file.keysFrom(start);
            for (int found = 0; found < limit && keys.hasNext(); ) {
                byte[] key = keys.next();
                if (key.length < start.length || !Arrays.equals(key, 0, start.length, start, 0, start.length)) {
                    return;
                }
                HintId id = RecordKeys.hint(key);
                if (wanted.test(id)) {
                    into.add(id);
                    found++;
                }
            }
        } catch (RuntimeException failure) {
            again(
                    file,
                    new StoreBrokenException(
                            "the hint store " + path + " can't be read: " + failure.getMessage(), failure));
        }
    }

    void forEachId(Consumer<HintId> each) {
        RecordFile file = existing();
        if (file == null) {
            return;
        }
        try {
            Iterator<byte[]> keys = file.keysFrom(new byte[0]);
            while (keys.hasNext()) {
                each.accept(RecordKeys.hint(keys.next()));
            }
        } catch (RuntimeException failure) {
            again(
                    file,
                    new StoreBrokenException(
                            "the hint store " + path + " can't be read: " + failure.getMessage(), failure));
        }
    }

    private @Nullable RecordFile existing() {
        RecordFile file = open;
        if (file != null) {
            return file;
        }
        synchronized (this) {
            return open != null || Files.exists(path) ? openNow() : null;
        }
    }

    private synchronized RecordFile openNow() {
        RecordFile file = open;
        if (file == null) {
            try {
                file = RecordFile.open(path, disk.storeName(path), cacheMegabytes, RECORDS, buffers);
            } catch (StoreBrokenException broken) {
                if (RecordFile.isDiskFailure(broken)) {
                    throw broken;
                }
                moveAside(broken);
                file = RecordFile.open(path, disk.storeName(path), cacheMegabytes, RECORDS, buffers);
            }
            open = file;
            measure(file);
        }
        return file;
    }

    /** Whether another thread had only closed the file, so that it should be asked again. */
    private synchronized boolean again(@Nullable RecordFile file, StoreBrokenException broken) {
        if (open != file) {
            return true;
        }
        moveAside(broken);
        return false;
    }

    /** Nothing changes the file meanwhile. */
    synchronized <T> T alone(Supplier<T> action) {
        return action.get();
    }

    synchronized void moveAside(StoreBrokenException broken) {
        RecordFile file = open;
        open = null;
        liveBytes = 0;
        records = 0;
        if (file != null) {
            file.abandon();
        }
        try {
            Path kept = directory.quarantine(path);
            damaged.accept(broken.getMessage() + " (the file is kept as " + kept + ")");
        } catch (IOException failure) {
            damaged.accept(broken.getMessage() + " (and the file could not be moved aside: " + failure + ")");
        }
    }

    synchronized void apply(Map<byte[], Unapplied> states) {
        RecordFile file = openNow();
        try {
            for (Map.Entry<byte[], Unapplied> entry : states.entrySet()) {
                file.put(entry.getKey(), entry.getValue());
            }
            file.commit();
            measure(file);
        } catch (RuntimeException failure) {
            open = null;
            file.abandon();
            throw failure;
        }
    }

    private void measure(RecordFile file) {
        liveBytes = file.liveBytes();
        records = file.extent().records();
    }

    /** Of the file when it was written last, about, without what was replaced. Any thread, cheap. */
    long liveBytes() {
        return liveBytes;
    }

    /** How many hints the file had when it was written last. Any thread, cheap. */
    long records() {
        return records;
    }

    synchronized void tidy(int maxBytes) {
        RecordFile file = open;
        if (file != null) {
            file.tidy(maxBytes);
        }
    }

    synchronized void close(boolean inOrder) {
        RecordFile file = open;
        open = null;
        if (file != null && inOrder) {
            file.close();
        } else if (file != null) {
            file.abandon();
        }
    }
}
