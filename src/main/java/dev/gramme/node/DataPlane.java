package dev.gramme.node;

import dev.gramme.handoff.HintBook;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import java.util.List;

/** Per-key work for the partitions of one serial loop: those with {@code partition % loops == loop}. Not thread-safe. */
public final class DataPlane {
    /** Deadlines are looked at when a tick comes: no wait is exact to more than this. */
    public static final int TICK_MILLIS = 5;

    private final int loop;
    private final View view;

    public DataPlane(NodeSettings settings, int loop, View view, ReplicaStore store, HintBook hints, DotSource dots) {
        this.loop = loop;
        this.view = view;
    }

    /** Which plane handles {@code partition}. */
    public static int loopOf(int partition, int loops) {
        return partition % loops;
    }

    /** The effects to carry out, in order, before the next event. */
    public List<Effect> handle(Event event, Now now) {
        throw new IllegalStateException("not yet: " + loop + view + event + now);
    }
}
