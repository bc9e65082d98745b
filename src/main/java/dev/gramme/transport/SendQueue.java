package dev.gramme.transport;

import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Encoded messages waiting for the socket: many threads add, one event loop takes. One queue for each {@link Lane}, each bounded by bytes, so that none takes
 * another's room. The more urgent lane is emptied first; but ranges that were passed over for a while come first once, so that a transfer on a busy node is
 * slow and not stuck.
 */
final class SendQueue {
    /** Messages between members are few and small. */
    static final long MAX_CONTROL_BYTES = 1 << 20;
    /** Batches in a row that hold no range although one waits. */
    static final int RANGES_PASSED_OVER = 7;

    /** @param message kept for who must be told that it was not sent */
    private record Waiting(Message message, Bytes encoded) {
        long cost() {
            return encoded.size() + (long) BatchFormat.OVERHEAD_BYTES_PER_MESSAGE;
        }
    }

    private static final class LaneQueue {
        private final long maxBytes;
        private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicInteger size = new AtomicInteger();

        LaneQueue(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        boolean offer(Waiting next) {
            int more = next.encoded().size();
            long before = bytes.getAndAdd(more);
            if (before > 0 && before + more > maxBytes) {
                bytes.addAndGet(-more);
                return false;
            }
            size.incrementAndGet();
            waiting.add(next);
            return true;
        }

        @Nullable
        Waiting poll() {
            Waiting next = waiting.poll();
            if (next != null) {
                size.decrementAndGet();
                bytes.addAndGet(-next.encoded().size());
            }
            return next;
        }
    }

    /** What goes into one frame. */
    private final class Filling {
        private final int maxBytes;
        private final List<Bytes> batch = new ArrayList<>();
        private long taken;

        Filling(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        /** @return whether anything was taken */
        boolean from(LaneQueue lane, int most) {
            int before = batch.size();
            Waiting next = lane.waiting.peek();
            while (next != null
                    && batch.size() - before < most
                    && (batch.isEmpty() || taken + next.cost() <= maxBytes)) {
                lane.poll();
                taken += next.cost();
                batch.add(next.encoded());
                next = lane.waiting.peek();
            }
            return batch.size() > before;
        }
    }

    private final LaneQueue members = new LaneQueue(MAX_CONTROL_BYTES);
    private final LaneQueue keys;
    private final LaneQueue ranges;
    private int rangesPassedOver;

    SendQueue(long maxBytes) {
        this.keys = new LaneQueue(maxBytes);
        this.ranges = new LaneQueue(Math.max(1, maxBytes / 2));
    }

    /** @return false if there is no room in its lane; a message longer than the lane's bound has room in an empty lane */
    boolean offer(Message message, Bytes encoded) {
        return lane(Lane.of(message)).offer(new Waiting(message, encoded));
    }

    /** The next messages, up to {@code maxBatchBytes} or one; empty if none is waiting. */
    List<Bytes> takeBatch(int maxBatchBytes) {
        Filling filling = new Filling(maxBatchBytes);
        boolean rangesTaken = rangesPassedOver >= RANGES_PASSED_OVER && filling.from(ranges, 1);
        filling.from(members, Integer.MAX_VALUE);
        filling.from(keys, Integer.MAX_VALUE);
        rangesTaken |= filling.from(ranges, Integer.MAX_VALUE);
        rangesPassedOver = rangesTaken || ranges.waiting.isEmpty() ? 0 : rangesPassedOver + 1;
        return filling.batch;
    }

    /** Takes everything out. */
    void drain(Consumer<Message> gone) {
        for (Lane lane : Lane.values()) {
            Waiting next = lane(lane).poll();
            while (next != null) {
                gone.accept(next.message());
                next = lane(lane).poll();
            }
        }
    }

    boolean isEmpty() {
        return members.waiting.isEmpty() && keys.waiting.isEmpty() && ranges.waiting.isEmpty();
    }

    int size() {
        return members.size.get() + keys.size.get() + ranges.size.get();
    }

    long bytes() {
        return members.bytes.get() + keys.bytes.get() + ranges.bytes.get();
    }

    private LaneQueue lane(Lane lane) {
        return switch (lane) {
            case MEMBERS -> members;
            case KEYS -> keys;
            case RANGES -> ranges;
        };
    }
}
