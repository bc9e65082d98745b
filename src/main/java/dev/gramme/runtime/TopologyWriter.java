package dev.gramme.runtime;

import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.node.KeptTopology;
import dev.gramme.node.KeptTopologyCodec;
import dev.gramme.storage.NodeStorage;
import dev.gramme.wire.MalformedException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the ring as this node goes by it across restarts. On a thread of its own: the disk may take longer than the control loop may be silent. One
 * after the other, in order; what is kept is told as it is done.
 */
final class TopologyWriter implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger("gramme");
    private static final long CLOSE_TIMEOUT_SECONDS = 5;

    private final NodeStorage storage;
    private final Consumer<Event.TopologyKept> kept;
    private final ExecutorService thread;

    TopologyWriter(NodeStorage storage, Consumer<Event.TopologyKept> kept) {
        this.storage = storage;
        this.kept = kept;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "gramme-topology");
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * What the last run kept; null if it kept nothing.
     *
     * @throws StartRefusedException if it can't be read: a node that does not know its ring must not guess
     */
    static @Nullable KeptTopology load(NodeStorage storage) {
        byte[] blob = storage.loadTopology();
        if (blob == null) {
            return null;
        }
        try {
            return KeptTopologyCodec.decode(blob);
        } catch (MalformedException e) {
            throw new StartRefusedException(
                    "the kept ring can't be read: " + e.getMessage()
                            + ". If the directory was written by a newer version, start that one",
                    e);
        }
    }

    void keep(Effect.KeepTopology keep) {
        thread.execute(() -> kept.accept(new Event.TopologyKept(keep.sequence(), write(keep))));
    }

    /** Empty, or why it is not on the disk. */
    private String write(Effect.KeepTopology keep) {
        try {
            if (keep.lostBefore() > 0) {
                storage.losses().lostAll(keep.lostBefore());
            }
            storage.saveTopology(KeptTopologyCodec.encode(keep.topology()));
            return "";
        } catch (RuntimeException notKept) {
            // Whatever it was: who is not told of it would wait for ever, and the ring with it.
            LOG.warnf(notKept, "the ring could not be kept");
            return "the ring can't be kept on the disk: " + notKept.getMessage();
        }
    }

    /** What was asked before is written first. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the disk did not take the ring in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
