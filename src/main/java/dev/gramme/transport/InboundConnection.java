package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the bridge on one connection and watches the lengths of the frames that go to it. The bridge's parser has no bound: it would buffer
 * two gigabytes for who announces them, and it drops a frame that is no JSON with nothing but a line in the log. Here the first closes the connection
 * before a byte of it is kept, and the second is found by counting: a frame that went in whole and did not come out parsed. Nor does the
 * bridge mind a client that asks and asks and reads no answer. Bytes are counted, not copied. Event loop only.
 */
final class InboundConnection extends ChannelInboundHandlerAdapter {
    /** <code>{}</code>: no JSON object is shorter. */
    private static final int LEAST_FRAME_BYTES = 2;

    private final NetSocket socket;
    private final int maxFrameBytes;
    private final Predicate<String> refusals;
    private final Allowance notices = new Allowance(1, System::nanoTime);
    private @Nullable NodeId speaker;
    private int headerBytes;
    private int length;
    private int restOfFrame;
    private long framesIn;
    private long framesParsed;
    private boolean refused;

    /** @param refusals told why this connection is cut, once; says whether the other side may be told as well */
    InboundConnection(NetSocket socket, int maxFrameBytes, Predicate<String> refusals) {
        this.socket = socket;
        this.maxFrameBytes = maxFrameBytes;
        this.refusals = refusals;
    }

    /** Before the bridge sees the socket's first byte. */
    void guard() {
        ChannelHandlerContext bridge = ((NetSocketInternal) socket).channelHandlerContext();
        bridge.pipeline().addBefore(bridge.name(), "gramme-guard", this);
    }

    /** The bridge has parsed one more frame. */
    void parsed() {
        framesParsed++;
    }

    /** Says why, and closes; what arrives afterwards is dropped. */
    void refuse(String why) {
        if (refused) {
            return;
        }
        refused = true;
        boolean tell = refusals.test(why);
        if (!tell || socket.writeQueueFull()) {
            ((NetSocketInternal) socket).channelHandlerContext().close();
        } else {
            socket.end(BridgeFrames.error(why));
        }
    }

    /** The last sealed batch came from there. */
    void spokenBy(NodeId sender) {
        speaker = sender;
    }

    boolean isSpokenBy(NodeId sender) {
        return sender.equals(speaker) && !refused;
    }

    /** Goes back to who speaks here. @return false if it reads too slowly for that */
    boolean answer(Buffer frame) {
        if (socket.writeQueueFull()) {
            return false;
        }
        socket.write(frame);
        return true;
    }

    /** Says what was skipped of a frame, at most once in a while. */
    void tell(String notice) {
        if (!refused && !socket.writeQueueFull() && notices.take()) {
            socket.write(BridgeFrames.notice(notice));
        }
    }

    boolean refused() {
        return refused;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        String fault = !refused && read instanceof ByteBuf bytes ? faultIn(bytes) : null;
        if (fault != null) {
            refuse(fault);
        }
        if (refused) {
            ReferenceCountUtil.release(read);
            return;
        }
        context.fireChannelRead(read);
        if (framesParsed < framesIn) {
            refuse("a frame that is not a JSON object of the event-bus bridge's protocol");
        } else if (socket.writeQueueFull()) {
            refuse("many frames without reading the answers");
        }
    }

    private @Nullable String faultIn(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (restOfFrame > 0) {
                int step = Math.min(restOfFrame, end - at);
                at += step;
                restOfFrame -= step;
                framesIn += restOfFrame == 0 ? 1 : 0;
                continue;
            }
            length = length << 8 | bytes.getByte(at++) & 0xFF;
            if (++headerBytes == BridgeFrames.HEADER_BYTES) {
                if (length < LEAST_FRAME_BYTES || length > maxFrameBytes) {
                    return "a frame of " + Integer.toUnsignedString(length) + " bytes announced, where "
                            + LEAST_FRAME_BYTES + " to " + maxFrameBytes
                            + " are taken: this port speaks the event-bus bridge's protocol";
                }
                restOfFrame = length;
                headerBytes = 0;
                length = 0;
            }
        }
        return null;
    }
}
