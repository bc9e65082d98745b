package dev.gramme.runtime;

import dev.gramme.version.Bytes;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Bucket properties as they are kept on disk: the message that nodes exchange them by. */
final class BucketBlob {
    private BucketBlob() {}

    static byte[] encode(SortedMap<String, BucketProperties> buckets) {
        return MessageCodec.encode(new Message.BucketTable(new ArrayList<>(buckets.values())))
                .array();
    }

    /** @throws StartRefusedException if the blob is not one of ours */
    static SortedMap<String, BucketProperties> decode(byte @Nullable [] blob) {
        SortedMap<String, BucketProperties> buckets = new TreeMap<>();
        if (blob == null) {
            return buckets;
        }
        try {
            if (MessageCodec.decode(Bytes.of(blob)) instanceof Message.BucketTable table) {
                table.buckets().forEach(b -> buckets.put(b.bucket(), b));
                return Collections.unmodifiableSortedMap(buckets);
            }
            throw new StartRefusedException("the kept bucket properties are another kind of message");
        } catch (MalformedException e) {
            throw new StartRefusedException(
                    "the kept bucket properties can't be read: " + e.getMessage()
                            + ". Was this directory written by a newer version?",
                    e);
        }
    }
}
