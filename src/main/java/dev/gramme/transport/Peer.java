package dev.gramme.transport;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Another node as we send to it: its queue, and a link that is made again whenever it ends.
 *
 * <p>Senders queue encoded messages, and the first to find no flush scheduled schedules one on the event loop. A flush takes all that is queued by
 * then into as few frames as the batch bound allows, for as long as the socket takes them: the busier the loop or the slower the peer, the
 * larger the batches, and the less a message costs.
 */
final class Peer implements Link.Owner, Dialer.Caller {
    /** What peers have in common. @param answers takes batches that come back by our own connections */
    record Surroundings(
            Vertx vertx,
            Context loop,
            NetClient client,
            Dialer dialer,
            TransportSettings settings,
            BatchFormat format,
            PeerTransport.Undelivered undelivered,
            Consumer<String> answers) {}

    private static final Logger LOG = Logger.getLogger(Peer.class);
    private static final long NO_TIMER = -1;
    /** Who is heard of all the time and can't be reached is tried no more often. */
    private static final long EARLIEST_RETRY_NANOS = 50_000_000;

    final LongAdder receivedMessages = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder unsupportedMessages = new LongAdder();
    final LongAdder malformedMessages = new LongAdder();

    private final NodeId id;
    private final HostAndPort address;
    private final Surroundings around;
    private final TransportBounds bounds;
    private final SendQueue queue;
    private final Backoff backoff;
    private final RareLog rareLog = new RareLog(LOG, System::nanoTime);
    private final RareLog skipLog = new RareLog(LOG, System::nanoTime, RareLog.MINUTE_NANOS);
    private final int largestMessageBytes;
    private final int batchBytes;
    private final Handler<Void> flush = ignored -> flush();
    private final AtomicBoolean flushScheduled = new AtomicBoolean();
    private final LongAdder sentFrames = new LongAdder();
    private final LongAdder sentMessages = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final LongAdder undeliverable = new LongAdder();
    private volatile boolean open;
    private volatile long opened;
    private volatile String lastError = "";
    private volatile String lastSkip = "";
    private @Nullable Link link;
    private boolean outageTold;
    /** From a refusal until a frame is taken again: connections come and go meanwhile, which is not worth a line each. */
    private boolean refused;

    private boolean gone;
    /** While it waits for its next attempt. */
    private long retryTimer = NO_TIMER;

    private long failedNanos;

    Peer(NodeId id, HostAndPort address, Surroundings around) {
        this.id = id;
        this.address = address;
        this.around = around;
        this.bounds = around.settings().bounds();
        this.queue = new SendQueue(bounds.maxQueuedBytes());
        this.backoff = new Backoff(bounds.reconnectMinMillis(), bounds.reconnectMaxMillis(), new SplittableRandom());
        this.largestMessageBytes = BatchFormat.largestMessageBytes(bounds.maxFrameBytes());
        this.batchBytes = Math.min(bounds.batchBytes(), largestMessageBytes);
    }

    @Override
    public HostAndPort address() {
        return address;
    }

    /** Any thread. @param understands the newest format that the peer does */
    void send(Message message, int understands) {
        if (!open) {
            undeliver(message);
            return;
        }
        if (MessageCodec.formatOf(message) > understands) {
            skipLog.warn("a " + message.getClass().getSimpleName() + " for " + id + " takes format "
                    + MessageCodec.formatOf(message) + " and it understands format " + understands + ": upgrade " + id);
            undeliver(message);
            return;
        }
        Bytes encoded = MessageCodec.encode(message);
        if (encoded.size() > largestMessageBytes) {
            rareLog.warn("a " + message.getClass().getSimpleName() + " for " + id + " takes " + encoded.size()
                    + " bytes, more than the " + largestMessageBytes + " that a frame can hold: not sent");
            undeliver(message);
        } else if (!queue.offer(message, encoded)) {
            undeliver(message);
        } else if (flushScheduled.compareAndSet(false, true)) {
            around.loop().runOnContext(flush);
        }
    }

    /** Starts to connect. On the loop, as all that follows. */
    void connect() {
        if (!gone) {
            around.dialer().call(this);
        }
    }

    /**
     * Something came from it. If there is no connection to it, as after it was started again, the next attempt is made now and not when its time comes: until then every answer to it would be
     * lost. Any thread.
     */
    void heard() {
        if (!open) {
            around.loop().runOnContext(ignored -> connectEarlier());
        }
    }

    private void connectEarlier() {
        if (retryTimer != NO_TIMER && System.nanoTime() - failedNanos >= EARLIEST_RETRY_NANOS) {
            around.vertx().cancelTimer(retryTimer);
            retryTimer = NO_TIMER;
            connect();
        }
    }

    void close() {
        gone = true;
        around.dialer().takeBack(this);
        if (retryTimer != NO_TIMER) {
            around.vertx().cancelTimer(retryTimer);
            retryTimer = NO_TIMER;
        }
        if (link != null) {
            link.end("this node closed the connection");
        }
        open = false;
        queue.drain(this::undeliver);
    }

    @Override
    public void opened(Link opening) {
        opened++;
        open = true;
        if (!refused) {
            outageTold = false;
            LOG.infof("connected to %s at %s", id, address);
        }
    }

    @Override
    public void accepted(Link taken) {
        if (refused) {
            refused = false;
            outageTold = false;
            LOG.infof("%s at %s takes our frames again", id, address);
        }
    }

    @Override
    public void told(Link teller, String notice) {
        lastSkip = notice;
        skipLog.warn("from " + id + " at " + address + ": " + notice);
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
        open = false;
        link = null;
        refused |= former.isRefused();
        if (former.ageMillis() > bounds.silentMillis()) {
            backoff.reset();
        }
        queue.drain(this::undeliver);
        failed(reason);
    }

    PeerStatus status() {
        return new PeerStatus(
                address,
                open,
                queue.size(),
                queue.bytes(),
                sentFrames.sum(),
                sentMessages.sum(),
                sentBytes.sum(),
                receivedMessages.sum(),
                receivedBytes.sum(),
                undeliverable.sum(),
                unsupportedMessages.sum(),
                malformedMessages.sum(),
                Math.max(0, opened - 1),
                lastError,
                lastSkip);
    }

    @Override
    public void connected(NetSocket socket) {
        if (gone) {
            socket.close();
        } else {
            link = new Link(around.vertx(), socket, bounds, this);
        }
    }

    @Override
    public void unreachable(Throwable why) {
        failed("can't connect: " + why.getMessage());
    }

    private void failed(String reason) {
        if (gone) {
            return;
        }
        if (!outageTold || !reason.equals(lastError)) {
            outageTold = rareLog.warn(
                    "no connection to " + id + " at " + address + ": " + reason + "; trying again until it is back");
        }
        lastError = reason;
        failedNanos = System.nanoTime();
        retryTimer = around.vertx().setTimer(backoff.nextMillis(), waited -> {
            retryTimer = NO_TIMER;
            connect();
        });
    }

    private void flush() {
        // Before the queue is looked at: who queues after that schedules the next flush.
        flushScheduled.set(false);
        if (link == null || !link.isOpen()) {
            queue.drain(this::undeliver);
            return;
        }
        while (link.isWritable() && !queue.isEmpty()) {
            List<Bytes> batch = queue.takeBatch(batchBytes);
            link.write(BridgeFrames.send(around.format().write(id, batch)));
            sentFrames.increment();
            sentMessages.add(batch.size());
            batch.forEach(message -> sentBytes.add(message.size()));
        }
    }

    private void undeliver(Message message) {
        undeliverable.increment();
        try {
            around.undelivered().undeliverable(id, message);
        } catch (RuntimeException e) {
            // What is queued behind it must be handed back too, and the link made again.
            rareLog.warn("an undeliverable " + message.getClass().getSimpleName() + " for " + id
                    + " was not taken back: " + e);
        }
    }
}
