package dev.gramme.storage;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.StateCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * Mutations as bytes, for the log: a kind, the partition, the key, the hint's owner, the state; of a whole partition the first two alone;
 * of a collection those two, the epoch, and each key with its digest. The format's version is the segment's: kind 4 came with format 2, kind 5 with format 3, kinds 6 and 7 with format 4, kind 8 (a promise: the partition and the stamp) and kind 9 (as 6, and the epoch, and written in its place) with format 5. A program that knows format 1 refuses such a segment, and the whole directory before that
 * ({@link Identity#FORMAT}); it would else take what follows a drop for damage.
 */
final class MutationCodec {
    private static final int SET_STATE = 1;
    private static final int SET_HINT = 2;
    private static final int DROP_HINT = 3;
    private static final int DROP_PARTITION = 4;
    private static final int COLLECT = 5;
    private static final int SET_ASIDE_WITHOUT_EPOCH = 6;
    private static final int BARRIER = 7;
    private static final int PROMISE = 8;
    private static final int SET_ASIDE = 9;
    /** Two empty texts and a digest. */
    private static final int LEAST_COLLECTED_BYTES = 10;

    private MutationCodec() {}

    static ByteWriter encode(List<Mutation> mutations) {
        int size = 0;
        for (Mutation mutation : mutations) {
            size += 64 + stateSize(mutation);
        }
        ByteWriter out = new ByteWriter(size);
        for (Mutation mutation : mutations) {
            encode(out, mutation);
        }
        return out;
    }

    private static int stateSize(Mutation mutation) {
        return switch (mutation) {
            case Mutation.SetState set -> set.key().name().size() + StateCodec.sizeHint(set.state());
            case Mutation.SetHint hint -> hint.key().name().size() + StateCodec.sizeHint(hint.state());
            case Mutation.DropHint drop -> drop.key().name().size();
            case Mutation.DropPartition drop -> 0;
            case Mutation.SetAside aside -> 0;
            case Mutation.Barrier barrier -> 0;
            case Mutation.Promise promise -> 0;
            case Mutation.Collect collect ->
                collect.keys().stream()
                        .mapToInt(collected -> 80 + collected.key().name().size())
                        .sum();
        };
    }

    private static void encode(ByteWriter out, Mutation mutation) {
        switch (mutation) {
            case Mutation.SetState set -> {
                start(out, SET_STATE, set);
                StateCodec.write(out, set.state());
            }
            case Mutation.SetHint hint -> {
                start(out, SET_HINT, hint);
                out.text(hint.owner().name());
                StateCodec.write(out, hint.state());
            }
            case Mutation.DropHint drop -> {
                start(out, DROP_HINT, drop);
                out.text(drop.owner().name());
            }
            case Mutation.DropPartition drop -> out.u8(DROP_PARTITION).count(drop.partition());
            case Mutation.SetAside aside ->
                out.u8(SET_ASIDE).count(aside.partition()).varint(aside.epoch());
            case Mutation.Barrier barrier -> out.u8(BARRIER).count(barrier.partition());
            case Mutation.Promise promise ->
                out.u8(PROMISE).count(promise.partition()).varint(promise.stamp());
            case Mutation.Collect collect -> {
                out.u8(COLLECT).count(collect.partition()).varint(collect.epoch());
                out.count(collect.keys().size());
                for (KeyDigest collected : collect.keys()) {
                    out.text(collected.key().bucket()).bytes(collected.key().name());
                    out.int64(collected.digest());
                }
            }
        }
    }

    private static void start(ByteWriter out, int kind, Mutation.OfKey mutation) {
        out.u8(kind).count(mutation.partition());
        out.text(mutation.key().bucket()).bytes(mutation.key().name());
    }

    /** @throws dev.gramme.wire.MalformedException if these bytes are no mutation */
    static Mutation decode(ByteReader in, int partitions) {
        int kind = in.u8("the kind of a mutation");
        int partition = in.count("a partition", partitions - 1);
        if (kind == DROP_PARTITION) {
            return new Mutation.DropPartition(partition);
        }
        if (kind == SET_ASIDE_WITHOUT_EPOCH) {
            return new Mutation.SetAside(partition);
        }
        if (kind == SET_ASIDE) {
            return new Mutation.SetAside(partition, in.varint("a collection epoch"));
        }
        if (kind == BARRIER) {
            return new Mutation.Barrier(partition);
        }
        if (kind == COLLECT) {
            return collect(in, partition);
        }
        if (kind == PROMISE) {
            return new Mutation.Promise(partition, in.varint("a promised stamp"));
        }
        Key key = key(in);
        if (kind == SET_STATE) {
            return new Mutation.SetState(partition, key, StateCodec.read(in));
        }
        if (kind == SET_HINT) {
            return new Mutation.SetHint(partition, key, owner(in), StateCodec.read(in));
        }
        if (kind == DROP_HINT) {
            return new Mutation.DropHint(partition, key, owner(in));
        }
        throw in.malformed("no mutation is of kind " + kind);
    }

    private static Mutation collect(ByteReader in, int partition) {
        long epoch = in.varint("a collection epoch");
        int size = in.items("collected keys", LEAST_COLLECTED_BYTES);
        List<KeyDigest> keys = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            keys.add(new KeyDigest(key(in), in.int64("a digest")));
        }
        return new Mutation.Collect(partition, epoch, keys);
    }

    private static Key key(ByteReader in) {
        String bucket = in.text("a bucket");
        Bytes name = in.bytes("a key");
        return new Key(bucket, name);
    }

    private static NodeId owner(ByteReader in) {
        String name = in.text("a hint's owner");
        try {
            return new NodeId(name);
        } catch (IllegalArgumentException notAnId) {
            throw in.malformed(String.valueOf(notAnId.getMessage()));
        }
    }
}
