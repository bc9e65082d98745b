package dev.gramme.transport;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import io.vertx.core.parsetools.RecordParser;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * One TCP connection to a peer's bridge. It is open when the bridge has answered a first ping: a stopped process still has its connections accepted,
 * by the kernel. It is pinged all the time, and ends when nothing comes back. The pings also say how far the peer has read: what the kernels on both sides would
 * buffer of a slow connection, megabytes, is bounded, so that a probe is not long behind them. Event loop only.
 */
final class Link {
    /** Told how the link fares: {@code opened} at most once, {@code accepted} at most once after it, then {@code ended} once. */
    interface Owner {
        void opened(Link link);

        /** The peer has read a frame that was written and did not refuse it. */
        void accepted(Link link);

        /** The peer skipped something of what we sent, and says so. */
        void told(Link link, String notice);

        /** The peer answers by this connection. @param body a batch, as in a frame that is sent */
        void answered(Link link, String body);

        void writable(Link link);

        void ended(Link link, String reason);
    }

    /** All that a bridge has to say to us is {@code pong}, {@code err} and, rarely, a {@code message} that refuses us. */
    private static final int MAX_ANSWER_BYTES = 64 << 10;

    private static final int MAX_REASON_CHARS = 300;
    /** Beside those sent for the time's sake: so often is asked, by bytes, how far the peer has read. */
    private static final int PINGS_A_WINDOW = 4;

    private final Vertx vertx;
    private final NetSocket socket;
    private final TransportBounds bounds;
    private final Owner owner;
    private final RecordParser parser = RecordParser.newFixed(BridgeFrames.HEADER_BYTES);
    private final long timer;
    private final long startedNanos = System.nanoTime();
    private long lastHeardNanos = startedNanos;
    private boolean inHeader = true;
    /** What was written before each ping that is not answered yet: its answer says that the peer's bridge has read so much. */
    private final Queue<Long> unansweredPings = new ArrayDeque<>();

    private long writtenBytes;
    private long writtenBeforePing;
    private long answeredBytes;
    private boolean refused;
    private boolean open;
    private boolean ended;

    Link(Vertx vertx, NetSocket socket, TransportBounds bounds, Owner owner) {
        this.vertx = vertx;
        this.socket = socket;
        this.bounds = bounds;
        this.owner = owner;
        parser.handler(this::record);
        socket.handler(parser)
                .drainHandler(drained -> owner.writable(this))
                .exceptionHandler(failure -> end("the connection failed: " + failure.getMessage()))
                .closeHandler(closed -> end("the peer closed the connection"));
        timer = vertx.setPeriodic(Math.min(bounds.pingMillis(), bounds.connectTimeoutMillis()), this::tick);
        ping();
    }

    boolean isOpen() {
        return open && !ended;
    }

    /** Whether the peer ended it because of what we sent. */
    boolean isRefused() {
        return refused;
    }

    boolean isWritable() {
        return isOpen() && !socket.writeQueueFull() && hasRoom();
    }

    private boolean hasRoom() {
        return writtenBytes - answeredBytes < bounds.maxUnansweredBytes();
    }

    void write(Buffer frame) {
        socket.write(frame);
        writtenBytes += frame.length();
        boolean first = writtenBeforePing == 0;
        if (first || writtenBytes - writtenBeforePing >= bounds.maxUnansweredBytes() / PINGS_A_WINDOW) {
            ping();
        }
    }

    /** Ends the link from this side; the owner is told. */
    void end(String reason) {
        if (ended) {
            return;
        }
        ended = true;
        vertx.cancelTimer(timer);
        // Not socket.close(): that waits until all that was written has gone out, which to a stopped peer is never.
        ((NetSocketInternal) socket).channelHandlerContext().close();
        owner.ended(this, reason);
    }

    long ageMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }

    private void tick(long timerId) {
        long silentMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastHeardNanos);
        int patienceMillis = open ? bounds.silentMillis() : bounds.connectTimeoutMillis();
        if (silentMillis >= patienceMillis) {
            end("its bridge has not answered for " + patienceMillis + " ms");
        } else {
            ping();
        }
    }

    private void ping() {
        unansweredPings.add(writtenBytes);
        writtenBeforePing = writtenBytes;
        socket.write(BridgeFrames.PING);
    }

    private void record(Buffer bytes) {
        lastHeardNanos = System.nanoTime();
        if (inHeader) {
            int length = bytes.getInt(0);
            if (length < 1 || length > MAX_ANSWER_BYTES) {
                end("it answered with a frame of " + Integer.toUnsignedString(length)
                        + " bytes: no event-bus bridge of ours");
                return;
            }
            inHeader = false;
            parser.fixedSizeMode(length);
        } else {
            inHeader = true;
            parser.fixedSizeMode(BridgeFrames.HEADER_BYTES);
            answer(bytes);
        }
    }

    private void pong() {
        Long answered = unansweredPings.poll();
        if (ended || answered == null) {
            return;
        }
        if (!open) {
            open = true;
            owner.opened(this);
        }
        boolean hadRoom = hasRoom();
        boolean first = answeredBytes == 0 && answered > 0;
        answeredBytes = answered;
        if (first) {
            owner.accepted(this);
        }
        if (!hadRoom && hasRoom()) {
            owner.writable(this);
        }
    }

    /** What a stranger says goes into the log and into answers: not at any length, and in one line. */
    private static String shortened(String told) {
        String line = told.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= MAX_REASON_CHARS ? line : line.substring(0, MAX_REASON_CHARS) + "...";
    }

    private void answer(Buffer bytes) {
        try {
            JsonObject frame = bytes.toJsonObject();
            String type = frame.getString("type", "");
            if (type.equals("pong")) {
                pong();
            } else if (type.equals(BridgeFrames.MESSAGE) && frame.getValue("body") instanceof String body) {
                owner.answered(this, body);
            } else if (type.equals(BridgeFrames.ERROR) && Boolean.FALSE.equals(frame.getValue(BridgeFrames.FATAL))) {
                owner.told(this, shortened(frame.getString("message", "")));
            } else if (type.equals(BridgeFrames.ERROR)) {
                refused = true;
                end("it refuses our frames: " + shortened(frame.getString("message", "")));
            } else {
                end("its bridge answered '" + shortened(type) + "', which is no event-bus bridge's answer");
            }
        } catch (DecodeException | ClassCastException e) {
            end("it answered with what is no event-bus bridge's frame: " + e.getMessage());
        }
    }
}
