package dev.gramme.wire;

import dev.gramme.version.CausalContext;
import dev.gramme.version.Dot;

/** Commands and how they end, as parts of messages. */
final class CommandCodec {
    private static final int WRITTEN = 0;
    private static final int FAILED = 1;
    private static final int INDETERMINATE = 2;

    private static final Failure[] FAILURES = Failure.values();

    private CommandCodec() {}

    static void writePut(ByteWriter out, int format, PutCommand command) {
        MessageCodec.writeKey(out, command.key());
        StateCodec.writeContext(out, command.seen());
        out.int64(command.seenTime());
        StateCodec.writeContent(out, command.content());
        RequestOptions options = command.options();
        out.count(options.r()).count(options.w()).flag(options.strict()).count(options.timeoutMillis());
        if (format > 1) {
            out.count(options.ttlSeconds());
        }
        MessageCodec.writeNodeOrNone(out, options.preferred());
    }

    static PutCommand readPut(ByteReader in, int format) {
        return new PutCommand(
                MessageCodec.readKey(in),
                StateCodec.readContext(in),
                in.int64("time seen"),
                StateCodec.readContent(in),
                new RequestOptions(
                        in.count("r", Integer.MAX_VALUE),
                        in.count("w", Integer.MAX_VALUE),
                        in.flag("strict"),
                        in.count("timeout", Integer.MAX_VALUE),
                        format > 1 ? readTtl(in) : TimeToLive.OF_BUCKET,
                        MessageCodec.readNodeOrNone(in)));
    }

    private static int readTtl(ByteReader in) {
        int seconds = in.count("seconds to live", Integer.MAX_VALUE);
        if (!TimeToLive.isAskable(seconds)) {
            throw in.malformed("nothing lives for " + seconds + " seconds");
        }
        return seconds;
    }

    static void writeOutcome(ByteWriter out, int format, PutOutcome outcome) {
        switch (outcome) {
            case PutOutcome.Written w -> {
                out.u8(WRITTEN).int64(w.dot().actor()).varint(w.dot().counter()).int64(w.time());
                StateCodec.writeContext(out, w.context());
                MessageCodec.writeNode(out, w.coordinator())
                        .count(w.acks())
                        .count(w.hints())
                        .count(w.siblings());
                if (format > 1) {
                    out.int64(w.expiresMillis());
                }
            }
            case PutOutcome.Failed f -> out.u8(FAILED).u8(f.failure().ordinal()).text(f.detail());
            case PutOutcome.Indeterminate i ->
                out.u8(INDETERMINATE).count(i.acks()).count(i.needed()).text(i.detail());
        }
    }

    static PutOutcome readOutcome(ByteReader in, int format) {
        int kind = in.u8("kind of outcome");
        return switch (kind) {
            case WRITTEN -> readWritten(in, format);
            case FAILED -> new PutOutcome.Failed(MessageCodec.readConstant(in, "failure", FAILURES), in.text("detail"));
            case INDETERMINATE ->
                new PutOutcome.Indeterminate(
                        in.count("acks", Integer.MAX_VALUE),
                        in.count("acks needed", Integer.MAX_VALUE),
                        in.text("detail"));
            default -> throw in.malformed("unknown kind of outcome " + kind);
        };
    }

    private static PutOutcome readWritten(ByteReader in, int format) {
        long actor = in.int64("the dot's actor");
        long counter = in.varint("the dot's counter");
        if (counter < 1) {
            throw in.malformed("a dot's counter must be 1 or more and less than 2^63");
        }
        long time = in.int64("time");
        CausalContext context = StateCodec.readContext(in);
        return new PutOutcome.Written(
                new Dot(actor, counter),
                time,
                context,
                MessageCodec.readNode(in),
                in.count("acks", Integer.MAX_VALUE),
                in.count("hints", Integer.MAX_VALUE),
                in.count("siblings", Integer.MAX_VALUE),
                format > 1 ? in.int64("the time of expiry") : 0);
    }
}
