package dev.gramme.transport;

import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An address that is written to without knowing who listens there: how a node finds its first peers. The connection is made by the first message, used
 * for those that follow, and closed when none follows for a while. It is not made again by itself: who wants an answer writes again. Event
 * loop only, but for what is said of it.
 */
final class Contact implements Link.Owner {
    private static final Logger LOG = Logger.getLogger(Contact.class);

    private final HostAndPort address;
    private final Peer.Surroundings around;
    private final TransportBounds bounds;
    private final SendQueue waiting;
    private final int batchBytes;
    private final RareLog rareLog = new RareLog(LOG, System::nanoTime);
    private volatile long usedNanos = System.nanoTime();
    private volatile boolean open;
    private final LongAdder sentMessages = new LongAdder();
    private final LongAdder lostMessages = new LongAdder();
    private volatile String lastError = "";
    private @Nullable Link link;
    private boolean connecting;
    private boolean closing;
    private long idleTimer;

    Contact(HostAndPort address, Peer.Surroundings around) {
        this.address = address;
        this.around = around;
        this.bounds = around.settings().bounds();
        this.waiting = new SendQueue(SendQueue.MAX_CONTROL_BYTES);
        this.batchBytes = Math.min(bounds.batchBytes(), BatchFormat.largestMessageBytes(bounds.maxFrameBytes()));
    }

    void send(Message.Control message) {
        usedNanos = System.nanoTime();
        Bytes encoded = MessageCodec.encode(message);
        if (encoded.size() > BatchFormat.largestMessageBytes(bounds.maxFrameBytes())
                || !waiting.offer(message, encoded)) {
            lostMessages.increment();
        } else if (link != null) {
            flush();
        } else if (!connecting) {
            connect();
        }
    }

    /** Whether there is a connection, or one is being made. */
    boolean isBusy() {
        return link != null || connecting;
    }

    long idleMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - usedNanos);
    }

    ContactStatus status() {
        return new ContactStatus(open, sentMessages.sum(), lostMessages.sum(), lastError);
    }

    /** Closes the connection; what waits is lost. */
    void close() {
        closing = true;
        if (link != null) {
            link.end("this node closed the connection");
        }
    }

    @Override
    public void opened(Link opening) {
        open = true;
        idleTimer = around.vertx().setTimer(bounds.contactIdleMillis(), this::closeIfIdle);
        flush();
    }

    @Override
    public void accepted(Link taken) {
        lastError = "";
    }

    @Override
    public void told(Link teller, String notice) {
        rareLog.warn("from " + address + ": " + notice);
    }

    @Override
    public void answered(Link by, String body) {
        around.answers().accept(body);
    }

    @Override
    public void writable(Link drained) {
        flush();
    }

    @Override
    public void ended(Link former, String reason) {
        if (open) {
            around.vertx().cancelTimer(idleTimer);
        }
        open = false;
        link = null;
        lose();
        if (!closing) {
            failed(reason);
        }
        closing = false;
    }

    private void connect() {
        connecting = true;
        around.client()
                .connect(address.port(), address.host())
                .onSuccess(this::connected)
                .onFailure(failure -> {
                    connecting = false;
                    lose();
                    failed("can't connect: " + failure.getMessage());
                });
    }

    private void connected(NetSocket socket) {
        connecting = false;
        if (closing) {
            socket.close();
            lose();
        } else {
            link = new Link(around.vertx(), socket, bounds, this);
        }
    }

    private void flush() {
        while (link != null && link.isWritable() && !waiting.isEmpty()) {
            List<Bytes> batch = waiting.takeBatch(batchBytes);
            link.write(BridgeFrames.send(around.format().writeToWhoever(batch)));
            sentMessages.add(batch.size());
        }
    }

    private void closeIfIdle(long timer) {
        long restMillis = bounds.contactIdleMillis() - idleMillis();
        if (restMillis > 0) {
            idleTimer = around.vertx().setTimer(restMillis, this::closeIfIdle);
        } else {
            close();
        }
    }

    private void lose() {
        waiting.drain(lost -> lostMessages.increment());
    }

    private void failed(String reason) {
        if (!reason.equals(lastError)) {
            rareLog.warn(address + " can't be contacted: " + reason);
        }
        lastError = reason;
    }
}
