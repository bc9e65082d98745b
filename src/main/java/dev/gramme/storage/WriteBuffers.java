package dev.gramme.storage;

import java.util.concurrent.atomic.AtomicReference;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.WriteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One buffer to write chunks with, lent to each store in turn. Left alone, every MVStore that was ever written to keeps one of at least a megabyte: in 256 stores more
 * than a small heap has. A store that wants one while it is lent makes its own, and does not keep it.
 */
final class WriteBuffers {
    private final AtomicReference<@Nullable WriteBuffer> spare = new AtomicReference<>();

    /** Runs what writes to {@code store}. */
    void lend(MVStore store, Runnable write) {
        FileStore<?> file = store.getFileStore();
        WriteBuffer lent = spare.getAndSet(null);
        file.releaseWriteBuffer(lent == null ? new WriteBuffer() : lent);
        try {
            write.run();
        } finally {
            spare.set(file.getWriteBuffer());
        }
    }
}
