package dev.gramme.wire;

import dev.gramme.version.ConflictPolicy;
import java.util.ArrayList;
import java.util.List;

/** What members say to each other, as parts of messages. */
final class ControlCodec {
    /** An empty name, policy, r, w and time. */
    private static final int LEAST_BUCKET_BYTES = 12;

    private static final ConflictPolicy[] POLICIES = ConflictPolicy.values();

    private ControlCodec() {}

    /** Format 1 cannot say that a bucket's values expire. */
    static boolean expires(Message.BucketTable m) {
        return m.buckets().stream().anyMatch(bucket -> bucket.ttlSeconds() != 0);
    }

    static void writeBuckets(ByteWriter out, int format, Message.BucketTable m) {
        out.count(m.buckets().size());
        for (BucketProperties bucket : m.buckets()) {
            out.text(bucket.bucket()).u8(bucket.policy().ordinal());
            out.count(bucket.r()).count(bucket.w());
            if (format > 1) {
                out.count(bucket.ttlSeconds());
            }
            out.int64(bucket.time());
        }
    }

    static Message.BucketTable readBuckets(ByteReader in, int format) {
        int size = in.items("buckets", LEAST_BUCKET_BYTES);
        List<BucketProperties> buckets = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            buckets.add(new BucketProperties(
                    in.text("bucket"),
                    MessageCodec.readConstant(in, "conflict policy", POLICIES),
                    in.count("r", Integer.MAX_VALUE),
                    in.count("w", Integer.MAX_VALUE),
                    format > 1 ? in.count("seconds to live", Integer.MAX_VALUE) : 0,
                    in.int64("time")));
        }
        return new Message.BucketTable(List.copyOf(buckets));
    }

    static void writeRefusal(ByteWriter out, Message.Refusal m) {
        MessageCodec.writeNode(out, m.from())
                .int64(m.instance())
                .flag(m.fatal())
                .text(m.reason());
    }

    static Message.Refusal readRefusal(ByteReader in) {
        return new Message.Refusal(
                MessageCodec.readNode(in), in.int64("instance"), in.flag("fatal"), in.text("reason"));
    }
}
