package dev.gramme.node;

import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.wire.BucketProperties;
import java.util.List;
import java.util.SortedMap;

/** Members, view and bucket properties of one node. Not thread-safe: one serial loop of its own. */
public final class ControlPlane {
    private final ControlSettings settings;
    private final SortedMap<String, BucketProperties> buckets;

    /** @param buckets as kept from the last run */
    public ControlPlane(ControlSettings settings, SortedMap<String, BucketProperties> buckets) {
        this.settings = settings;
        this.buckets = buckets;
    }

    /** The effects to carry out, in order, before the next event. The first call publishes the first view, and the buckets if there are any. */
    public List<Effect> handle(Event event, Now now) {
        throw new IllegalStateException("not yet: " + event + now + settings + buckets);
    }

    /** As published last; before the first event this node is up and all others are down. */
    public View view() {
        throw new IllegalStateException("not yet");
    }

    /** The members as known now. To be called on the control loop, and handed to others as the immutable record it is. */
    public ClusterSnapshot snapshot(Now now) {
        throw new IllegalStateException("not yet: " + now);
    }
}
