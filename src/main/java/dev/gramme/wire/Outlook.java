package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;
import dev.gramme.ring.View;
import dev.gramme.version.ConflictPolicy;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What one loop holds to be true while it handles an event: the view and the bucket properties. Handed to every decision, so that none
 * looks up a hidden "current ring". Remembers the preference lists it has computed; so not thread-safe: one per loop.
 */
public final class Outlook {
    private final View view;
    private final SortedMap<String, BucketProperties> buckets;
    private final @Nullable PreferenceList[] reads;
    private final @Nullable PreferenceList[] writes;

    public Outlook(View view, SortedMap<String, BucketProperties> buckets) {
        this.view = view;
        this.buckets = buckets;
        this.reads = new PreferenceList[view.ring().partitions()];
        this.writes = new PreferenceList[view.ring().partitions()];
    }

    public Outlook withView(View next) {
        return new Outlook(next, buckets);
    }

    public Outlook withBuckets(SortedMap<String, BucketProperties> next) {
        return new Outlook(view, next);
    }

    public View view() {
        return view;
    }

    public int partitionOf(Key key) {
        return view.ring().partitionOf(key);
    }

    public boolean owns(NodeId node, int partition) {
        return view.ring().owns(node, partition);
    }

    public BucketProperties bucket(String bucket) {
        BucketProperties set = buckets.get(bucket);
        return set != null ? set : BucketProperties.defaults(bucket, view.ring().replicas());
    }

    public ConflictPolicy policy(Key key) {
        return bucket(key.bucket()).policy();
    }

    public PreferenceList forReads(int partition) {
        PreferenceList known = reads[partition];
        if (known == null) {
            known = view.forReads(partition);
            reads[partition] = known;
        }
        return known;
    }

    public PreferenceList forWrites(int partition) {
        PreferenceList known = writes[partition];
        if (known == null) {
            known = view.forWrites(partition);
            writes[partition] = known;
        }
        return known;
    }
}
