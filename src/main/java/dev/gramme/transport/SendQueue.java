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

/** Encoded messages waiting for the socket: many threads add, one event loop takes. Bounded by bytes. */
final class SendQueue {
    /** @param message kept for who must be told that it was not sent */
    private record Waiting(Message message, Bytes encoded) {}

    private final long maxBytes;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger size = new AtomicInteger();

    SendQueue(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @return false if there is no room; a message longer than the queue's bound has room in an empty queue */
    boolean offer(Message message, Bytes encoded) {
        long before = bytes.getAndAdd(encoded.size());
        if (before > 0 && before + encoded.size() > maxBytes) {
            bytes.addAndGet(-encoded.size());
            return false;
        }
        size.incrementAndGet();
        waiting.add(new Waiting(message, encoded));
        return true;
    }

    /** The next messages, up to {@code maxBatchBytes} or one; empty if none is waiting. */
    List<Bytes> takeBatch(int maxBatchBytes) {
        List<Bytes> batch = new ArrayList<>();
        long taken = 0;
        Waiting next = waiting.peek();
        while (next != null && (batch.isEmpty() || taken + cost(next.encoded()) <= maxBatchBytes)) {
            waiting.remove();
            taken += cost(next.encoded());
            batch.add(next.encoded());
            account(next);
            next = waiting.peek();
        }
        return batch;
    }

    /** Takes everything out. */
    void drain(Consumer<Message> gone) {
        @Nullable Waiting next = waiting.poll();
        while (next != null) {
            account(next);
            gone.accept(next.message());
            next = waiting.poll();
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return size.get();
    }

    long bytes() {
        return bytes.get();
    }

    private void account(Waiting taken) {
        size.decrementAndGet();
        bytes.addAndGet(-taken.encoded().size());
    }

    private static long cost(Bytes encoded) {
        return encoded.size() + (long) BatchFormat.OVERHEAD_BYTES_PER_MESSAGE;
    }
}
