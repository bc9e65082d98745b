package dev.gramme.node;

import dev.gramme.membership.BucketTable;
import dev.gramme.version.HybridLogicalClock;
import dev.gramme.version.Now;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/** This node's bucket properties: set here, merged with what others know, published when they change. */
final class BucketBook {
    private final int replicas;
    private final HybridLogicalClock clock = new HybridLogicalClock();
    private BucketTable table;
    private long hash;

    BucketBook(int replicas, SortedMap<String, BucketProperties> kept) {
        this.replicas = replicas;
        this.table = new BucketTable(kept);
        this.hash = table.hash();
    }

    BucketTable table() {
        return table;
    }

    long hash() {
        return hash;
    }

    void start(Now now, List<Effect> effects) {
        observe(now);
        if (!table.byBucket().isEmpty()) {
            effects.add(new Effect.PublishBuckets(table.byBucket()));
        }
    }

    /** Whether it was done. */
    boolean set(Event.SetBucket set, Collection<MemberRecord> members, Now now, List<Effect> effects) {
        BucketProperties asked = set.properties();
        String objection = BucketTable.objection(asked, replicas);
        if (objection.isEmpty() && !table.hasRoomFor(asked.bucket())) {
            objection = BucketProperties.MAX_BUCKETS_WITH_PROPERTIES
                    + " buckets have properties of their own already, which is the most: use one of those, or the defaults";
        }
        if (objection.isEmpty()) {
            objection = tooNewFor(members, asked);
        }
        if (!objection.isEmpty()) {
            effects.add(new Effect.BucketSet(set.request(), asked, objection));
            return false;
        }
        BucketProperties stamped = new BucketProperties(
                asked.bucket(),
                asked.policy(),
                asked.r(),
                asked.w(),
                asked.ttlSeconds(),
                timeAbove(asked.bucket(), now));
        become(table.merge(List.of(stamped), replicas), effects);
        effects.add(new Effect.BucketSet(set.request(), stamped, ""));
        return true;
    }

    /** Who does not understand a table can't be told it, nor anything that is told with it. */
    private static String tooNewFor(Collection<MemberRecord> members, BucketProperties asked) {
        int format = MessageCodec.formatOf(new Message.BucketTable(List.of(asked)));
        for (MemberRecord member : members) {
            if (member.wireFormat() < format) {
                return member.id() + " runs a program (" + member.program()
                        + ") that does not know ttlSeconds yet: start the new program there first, or remove it";
            }
        }
        return "";
    }

    void merge(Message.BucketTable other, Now now, List<Effect> effects) {
        BucketTable merged = table.merge(other.buckets(), replicas);
        if (!merged.equals(table)) {
            become(merged, effects);
            observe(now);
        }
    }

    /** Above what the bucket has now even if that came from a clock too far ahead to follow: a set must never be in vain. */
    private long timeAbove(String bucket, Now now) {
        BucketProperties before = table.byBucket().get(bucket);
        long tick = clock.tick(now.wallMillis());
        return before == null ? tick : Math.max(tick, before.time() + 1);
    }

    private void become(BucketTable next, List<Effect> effects) {
        table = next;
        hash = next.hash();
        effects.add(new Effect.PublishBuckets(next.byBucket()));
    }

    private void observe(Now now) {
        table.byBucket().values().forEach(bucket -> clock.observe(bucket.time(), now.wallMillis()));
    }
}
