package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.PreferenceList;
import dev.gramme.ring.View;
import dev.gramme.version.ConflictPolicy;
import java.util.SortedMap;

/**
 * What one loop holds to be true while it handles an event. Handed to every decision, so that none looks up a hidden "current ring".
 *
 * @param buckets properties by bucket, of those that have any; unmodifiable
 * @param stamps of the loop's partitions, as they are when asked
 */
public record Outlook(View view, SortedMap<String, BucketProperties> buckets, Stamps stamps) {
    /** Where nothing is ever collected. */
    public Outlook(View view, SortedMap<String, BucketProperties> buckets) {
        this(view, buckets, Stamps.NONE);
    }

    public Outlook withView(View next) {
        return new Outlook(next, buckets, stamps);
    }

    public Outlook withBuckets(SortedMap<String, BucketProperties> next) {
        return new Outlook(view, next, stamps);
    }

    public int partitionOf(Key key) {
        return view.ring().partitionOf(key);
    }

    /** By either ring, while a change is under way. */
    public boolean owns(NodeId node, int partition) {
        return view.topology().owns(node, partition);
    }

    public BucketProperties bucket(String bucket) {
        BucketProperties set = buckets.get(bucket);
        return set != null ? set : BucketProperties.defaults(bucket, view.ring().replicas());
    }

    public ConflictPolicy policy(Key key) {
        return bucket(key.bucket()).policy();
    }

    public PreferenceList forReads(int partition) {
        return view.forReads(partition);
    }

    public PreferenceList forWrites(int partition) {
        return view.forWrites(partition);
    }
}
