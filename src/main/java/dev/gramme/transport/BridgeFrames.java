package dev.gramme.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * The frames of the event-bus bridge's protocol that Gramme writes: four bytes of length, big-endian, and a JSON object. Written by hand: the objects
 * differ in one string of base64, which needs no escaping.
 */
final class BridgeFrames {
    /** The one event-bus address that a node's bridge permits. */
    static final String ADDRESS = "gramme.node";

    static final int HEADER_BYTES = 4;
    /** More than a frame takes beside its body. */
    static final int OVERHEAD_BYTES = 128;

    /** The bridge answers with a frame of type {@code pong}. */
    static final Buffer PING = frame("{\"type\":\"ping\"}");

    static final String ERROR = "err";
    /** What a bridge sends to its clients. */
    static final String MESSAGE = "message";
    /** In an error frame; false if the connection lasts all the same. */
    static final String FATAL = "fatal";

    private static final byte[] SEND_START = ascii("{\"type\":\"send\",\"address\":\"" + ADDRESS + "\",\"body\":\"");
    private static final byte[] SEND_END = ascii("\"}");

    private BridgeFrames() {}

    /** Sends {@code base64} to the peer's consumer. */
    static Buffer send(byte[] base64) {
        int length = SEND_START.length + base64.length + SEND_END.length;
        return Buffer.buffer(HEADER_BYTES + length)
                .appendInt(length)
                .appendBytes(SEND_START)
                .appendBytes(base64)
                .appendBytes(SEND_END);
    }

    /** Sends {@code base64} back to a client. */
    static Buffer message(byte[] base64) {
        return frame(new JsonObject()
                .put("type", MESSAGE)
                .put("address", ADDRESS)
                .put("body", new String(base64, StandardCharsets.US_ASCII))
                .encode());
    }

    /** Tells a client what is wrong, as the bridge itself does. */
    static Buffer error(String message) {
        return frame(new JsonObject().put("type", ERROR).put("message", message).encode());
    }

    /** Tells a client what was not taken of a frame that was: the connection lasts. */
    static Buffer notice(String message) {
        return frame(new JsonObject()
                .put("type", ERROR)
                .put(FATAL, false)
                .put("message", message)
                .encode());
    }

    private static Buffer frame(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return Buffer.buffer(HEADER_BYTES + text.length).appendInt(text.length).appendBytes(text);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
