package dev.gramme.sim;

import dev.gramme.node.KeptTopology;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The file in which a node keeps the ring: replaced as a whole, or not at all, in the order in which that was asked for. */
final class KeptTopologyFile {
    private final Timeline timeline;
    private final SimDisk disk;
    private final Randomness random;
    private final Deque<KeptTopology> asked = new ArrayDeque<>();
    private @Nullable KeptTopology kept;
    private long lastNanos;
    private int life;

    KeptTopologyFile(Timeline timeline, SimDisk disk, Randomness random) {
        this.timeline = timeline;
        this.disk = disk;
        this.random = random;
    }

    @Nullable
    KeptTopology kept() {
        return kept;
    }

    /** @param done told "" when it is durable, or why it will not be; never told if the process ends first */
    void keep(KeptTopology next, Consumer<String> done) {
        int now = life;
        asked.add(next);
        lastNanos = Math.max(lastNanos, timeline.nowNanos() + disk.forceNanos(random));
        timeline.at(lastNanos, () -> {
            if (life == now) {
                done.accept(replace(asked.remove()));
            }
        });
    }

    private String replace(KeptTopology next) {
        if (disk.hasNoRoom()) {
            return "no space left on the disk";
        }
        kept = next;
        return "";
    }

    /** The process has ended: some of what it was not told of may be there all the same. */
    void ended() {
        life++;
        int survivors = random.below(asked.size() + 1);
        for (int i = 0; i < survivors; i++) {
            replace(asked.remove());
        }
        asked.clear();
    }

    void lose() {
        kept = null;
    }
}
