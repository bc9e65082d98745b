package dev.gramme.wire;

import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.ReplacedWrite;
import dev.gramme.version.ReplacedWrites;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A key's state as bytes: in messages, in the commit log, in stores. Equal states have equal bytes. The format's version is the container's to
 * carry: this is format 1, and where a sibling expires, format 2 ({@link #expires}).
 *
 * <p>Context: number of entries, then each actor (8 bytes, ascending unsigned) and counter (varint). Siblings: their number, then for each the index
 * of its actor in the context, its counter, its time (8 bytes) and its content, whose first byte also says whether it is contiguous; of one that
 * expires the time of that (8 bytes) comes next. Replaced writes: their number, then for each, oldest first, the hash of
 * its idempotency key (8 bytes), its time (8 bytes), the index of its actor in the context and its counter.
 */
public final class StateCodec {
    /** An actor and a counter of one byte. */
    private static final int LEAST_ENTRY_BYTES = 9;
    /** Index, counter, time, tombstone and four empty parts. */
    private static final int LEAST_SIBLING_BYTES = 15;
    /** Hash, time, index, counter. */
    private static final int LEAST_REPLACED_BYTES = 18;
    /** Two empty texts. */
    private static final int LEAST_METADATA_BYTES = 2;

    /** First byte of a content: it is a tombstone. */
    private static final int TOMBSTONE = 1;
    /** The same byte, of a version: {@link Version#contiguous}. */
    private static final int CONTIGUOUS = 2;
    /** The same byte, of a content: it expires. */
    private static final int EXPIRES = 4;

    private StateCodec() {}

    /** Whether a sibling expires: format 1 cannot say that. */
    static boolean expires(VersionSet state) {
        for (Version sibling : state.siblings()) {
            if (sibling.content().expiresMillis() != 0) {
                return true;
            }
        }
        return false;
    }

    public static Bytes encode(VersionSet state) {
        ByteWriter out = new ByteWriter(sizeHint(state));
        write(out, state);
        return out.toBytes();
    }

    /** @throws MalformedException if the bytes are not exactly one state */
    public static VersionSet decode(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        VersionSet state = read(in);
        in.end("a state");
        return state;
    }

    /** About how many bytes {@code state} takes, to make room at once. */
    public static int sizeHint(VersionSet state) {
        int size = 16
                + 18 * state.context().size()
                + 24 * state.replaced().entries().size();
        for (Version sibling : state.siblings()) {
            size += sizeHint(sibling.content());
        }
        return size;
    }

    /** About how many bytes a sibling of this content takes. */
    public static int sizeHint(Content content) {
        return 64
                + content.value().size()
                + content.idempotencyKey().size()
                + 64 * content.metadata().size();
    }

    public static void write(ByteWriter out, VersionSet state) {
        writeContext(out, state.context());
        out.count(state.siblings().size());
        for (Version sibling : state.siblings()) {
            out.count(indexOf(state.context(), sibling.dot().actor()));
            out.varint(sibling.dot().counter()).int64(sibling.time());
            writeContent(out, sibling.content(), sibling.contiguous() ? CONTIGUOUS : 0);
        }
        out.count(state.replaced().entries().size());
        for (ReplacedWrite entry : state.replaced().entries()) {
            out.int64(entry.keyHash()).int64(entry.time());
            out.count(indexOf(state.context(), entry.dot().actor()));
            out.varint(entry.dot().counter());
        }
    }

    public static VersionSet read(ByteReader in) {
        CausalContext context = readContext(in);
        int size = in.items("siblings", LEAST_SIBLING_BYTES);
        List<Version> siblings = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Dot dot = readDot(in, context, "a sibling");
            if (i > 0 && siblings.get(i - 1).dot().compareTo(dot) >= 0) {
                throw in.malformed("siblings out of order");
            }
            long time = in.int64("the time of a sibling");
            int flags = readFlags(in, TOMBSTONE | CONTIGUOUS | EXPIRES);
            siblings.add(new Version(dot, time, readContent(in, flags), (flags & CONTIGUOUS) != 0));
        }
        ReplacedWrites replaced = readReplaced(in, context);
        return context.isEmpty() ? VersionSet.EMPTY : new VersionSet(context, siblings, replaced);
    }

    private static Dot readDot(ByteReader in, CausalContext context, String what) {
        int index = in.count("the actor of " + what, Math.max(0, context.size() - 1));
        long counter = in.varint("the counter of " + what);
        if (context.isEmpty() || counter < 1 || counter > context.counter(index)) {
            throw in.malformed(what + " that its context does not cover");
        }
        return new Dot(context.actor(index), counter);
    }

    private static ReplacedWrites readReplaced(ByteReader in, CausalContext context) {
        int size = in.items("replaced writes", LEAST_REPLACED_BYTES);
        if (size == 0) {
            return ReplacedWrites.NONE;
        }
        if (size > ReplacedWrites.MAX_REPLACED) {
            throw in.malformed(size + " replaced writes, more than " + ReplacedWrites.MAX_REPLACED);
        }
        List<ReplacedWrite> entries = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            long keyHash = in.int64("the key of a replaced write");
            long time = in.int64("the time of a replaced write");
            entries.add(new ReplacedWrite(keyHash, time, readDot(in, context, "a replaced write")));
        }
        if (!ReplacedWrites.isBounded(entries)) {
            throw in.malformed("replaced writes out of order, twice, or too old");
        }
        return new ReplacedWrites(entries);
    }

    public static void writeContext(ByteWriter out, CausalContext context) {
        out.count(context.size());
        for (int i = 0; i < context.size(); i++) {
            out.int64(context.actor(i)).varint(context.counter(i));
        }
    }

    public static CausalContext readContext(ByteReader in) {
        int size = in.items("context entries", LEAST_ENTRY_BYTES);
        long[] actors = new long[size];
        long[] counters = new long[size];
        for (int i = 0; i < size; i++) {
            actors[i] = in.int64("an actor");
            counters[i] = in.varint("an actor's counter");
            if (counters[i] < 1) {
                throw in.malformed("an actor's counter must be 1 or more and less than 2^63");
            }
            if (i > 0 && Long.compareUnsigned(actors[i - 1], actors[i]) >= 0) {
                throw in.malformed("actors out of order");
            }
        }
        return CausalContext.of(actors, counters);
    }

    public static void writeContent(ByteWriter out, Content content) {
        writeContent(out, content, 0);
    }

    private static void writeContent(ByteWriter out, Content content, int flags) {
        boolean expires = content.expiresMillis() != 0;
        out.u8(flags | (content.tombstone() ? TOMBSTONE : 0) | (expires ? EXPIRES : 0));
        if (expires) {
            out.int64(content.expiresMillis());
        }
        out.bytes(content.value());
        out.text(content.contentType());
        out.count(content.metadata().size());
        for (Map.Entry<String, String> entry : content.metadata().entrySet()) {
            out.text(entry.getKey()).text(entry.getValue());
        }
        out.bytes(content.idempotencyKey());
    }

    public static Content readContent(ByteReader in) {
        return readContent(in, readFlags(in, TOMBSTONE | EXPIRES));
    }

    private static int readFlags(ByteReader in, int known) {
        int flags = in.u8("what kind of version it is");
        if ((flags & ~known) != 0) {
            throw in.malformed("a version of unknown kind " + flags);
        }
        return flags;
    }

    private static Content readContent(ByteReader in, int flags) {
        boolean tombstone = (flags & TOMBSTONE) != 0;
        boolean expires = (flags & EXPIRES) != 0;
        long expiresMillis = expires ? in.int64("the time of expiry") : 0;
        if (expires && (tombstone || expiresMillis <= 0)) {
            throw in.malformed(tombstone ? "a tombstone that expires" : "a value that expires at " + expiresMillis);
        }
        Bytes value = in.bytes("value");
        if (tombstone && !value.isEmpty()) {
            throw in.malformed("a tombstone with a value");
        }
        String contentType = in.text("content type");
        int size = in.items("metadata entries", LEAST_METADATA_BYTES);
        SortedMap<String, String> metadata = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            String name = in.text("metadata name");
            if (!metadata.isEmpty() && metadata.lastKey().compareTo(name) >= 0) {
                throw in.malformed("metadata out of order");
            }
            metadata.put(name, in.text("metadata value"));
        }
        return new Content(tombstone, value, contentType, metadata, in.bytes("idempotency key"), expiresMillis);
    }

    private static int indexOf(CausalContext context, long actor) {
        for (int i = 0; i < context.size(); i++) {
            if (context.actor(i) == actor) {
                return i;
            }
        }
        throw new IllegalStateException("the context " + context + " does not know a sibling's actor");
    }
}
