package dev.gramme.wire;

import dev.gramme.version.Bytes;

/** Messages as bytes. */
public final class MessageCodec {
    private MessageCodec() {}

    public static Bytes encode(Message message) {
        throw new IllegalStateException("not yet: " + message);
    }

    /** @throws MalformedException if the bytes are no message of a format this program knows */
    public static Message decode(Bytes bytes) {
        throw new MalformedException("not yet: " + bytes);
    }
}
