package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.UnsupportedMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A batch as the text of a bridge frame's body: base64 of format (1 byte), sender, receiver, number of messages, each with its length, and the
 * {@linkplain Seal tag} of all that. The receiver is named so that a frame sent to a wrong address, by mistake or malice, is refused there;
 * only a {@link Contact} names none.
 *
 * <p>Base64, because the bridge reads a frame as JSON and a JSON string holds no bytes. Latin-1 characters look cheaper, but half of all bytes take
 * two bytes of UTF-8 then, and control characters six: measured with random values, there and back through JSON, 19 microseconds of CPU a KiB against
 * 2. Not thread-safe.
 */
final class BatchFormat {
    static final int FORMAT = 1;
    /** Instead of a receiver's name: whoever listens. No node has an empty name. */
    static final String WHOEVER = "";
    /** More than a batch takes beside its messages: format, two names, a count, the tag. */
    static final int OVERHEAD_BYTES = 192;
    /** More than the length before a message takes. */
    static final int OVERHEAD_BYTES_PER_MESSAGE = 5;

    private static final int MOST_BYTES_KEPT = 1 << 20;

    private final NodeId self;
    private final Seal seal;
    private ByteWriter scratch = new ByteWriter(4_096);

    BatchFormat(NodeId self, Bytes clusterKey) {
        this.self = self;
        this.seal = new Seal(clusterKey);
    }

    /** The largest message that fits into a frame of {@code maxFrameBytes} alone. */
    static int largestMessageBytes(int maxFrameBytes) {
        return (maxFrameBytes - BridgeFrames.OVERHEAD_BYTES) / 4 * 3 - OVERHEAD_BYTES - OVERHEAD_BYTES_PER_MESSAGE;
    }

    /** Encoded messages from this node to {@code to}, as base64. */
    byte[] write(NodeId to, List<Bytes> messages) {
        return write(to.name(), messages);
    }

    /** Encoded messages from this node to whoever listens, as base64. */
    byte[] writeToWhoever(List<Bytes> messages) {
        return write(WHOEVER, messages);
    }

    private byte[] write(String to, List<Bytes> messages) {
        ByteWriter out = scratch.clear();
        out.u8(FORMAT).text(self.name()).text(to).count(messages.size());
        for (Bytes message : messages) {
            out.bytes(message);
        }
        byte[] tag = seal.tag(out.array(), out.size());
        out.raw(tag, 0, tag.length);
        byte[] text = Base64.getEncoder()
                .encode(ByteBuffer.wrap(out.array(), 0, out.size()))
                .array();
        if (out.size() > MOST_BYTES_KEPT) {
            scratch = new ByteWriter(4_096);
        }
        return text;
    }

    /** @throws MalformedException if it is not a batch for this node sealed with the cluster key */
    Batch read(String body) {
        byte[] bytes = decoded(body);
        int length = bytes.length - Seal.TAG_BYTES;
        if (length < 1) {
            throw new MalformedException("a batch of " + bytes.length + " bytes is too short to be one");
        }
        if (bytes[0] != FORMAT) {
            throw new MalformedException("a batch of format " + (bytes[0] & 0xFF) + "; this program knows " + FORMAT);
        }
        if (!seal.holds(bytes, length)) {
            throw new MalformedException(
                    "a batch sealed with another key: do both nodes have the same cluster key file?");
        }
        return opened(new ByteReader(bytes, 1, length - 1));
    }

    private Batch opened(ByteReader in) {
        NodeId from = sender(in);
        boolean contact = isContact(in.text("receiver"));
        int count = in.items("messages", 1);
        List<Message> messages = new ArrayList<>(count);
        List<Batch.Skipped> skipped = new ArrayList<>();
        long size = 0;
        for (int i = 0; i < count; i++) {
            Bytes message = in.bytes("message");
            size += message.size();
            try {
                messages.add(opened(message, contact));
            } catch (UnsupportedMessageException e) {
                skipped.add(new Batch.Skipped(true, String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                // Whatever is wrong with this one, and be it our decoder, the others have done nothing.
                skipped.add(
                        new Batch.Skipped(false, String.valueOf(e instanceof MalformedException ? e.getMessage() : e)));
            }
        }
        in.end("a batch");
        return new Batch(from, messages, skipped, size);
    }

    private static Message opened(Bytes encoded, boolean contact) {
        Message message = MessageCodec.decode(encoded);
        if (contact && !(message instanceof Message.Control)) {
            throw new MalformedException("a " + message.getClass().getSimpleName()
                    + " for whoever listens, which only messages between members may be for");
        }
        return message;
    }

    /** Whether the sender does not know who listens here. */
    private boolean isContact(String to) {
        if (to.equals(WHOEVER)) {
            return true;
        }
        if (!to.equals(self.name())) {
            throw new MalformedException(
                    "a batch for " + to + ", but this is " + self + ": is an address in the list of peers wrong?");
        }
        return false;
    }

    private static NodeId sender(ByteReader in) {
        String name = in.text("sender");
        try {
            return new NodeId(name);
        } catch (IllegalArgumentException e) {
            throw in.malformed("the sender is " + e.getMessage());
        }
    }

    private static byte[] decoded(String body) {
        try {
            return Base64.getDecoder().decode(body.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("a body that is not base64: " + e.getMessage());
        }
    }
}
