package dev.gramme.runtime;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * One thread that takes tasks one by one, and a tick between them: the ground on which a plane needs no locks. Unlike an event loop it may wait
 * for the disk.
 */
final class SerialLoop implements AutoCloseable {
    /** A loop that has not come round for so long is stuck: the node is not live. */
    static final long STUCK_NANOS = 30_000_000_000L;

    private static final int TASKS_BETWEEN_CLOCK_READS = 64;

    private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final int maxQueued;
    private final long tickNanos;
    private final LongConsumer tick;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean closed;
    private volatile long lastRoundNanos = System.nanoTime();

    /**
     * @param maxQueued tasks waiting before {@link #offer} refuses
     * @param tick called on the loop at least every {@code tickNanos} with the time
     * @param onFailure told what a task threw; the loop then ends, because what it guards may be half done
     */
    SerialLoop(String name, int maxQueued, long tickNanos, LongConsumer tick, Consumer<Throwable> onFailure) {
        this.maxQueued = maxQueued;
        this.tickNanos = tickNanos;
        this.tick = tick;
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, name);
    }

    void start() {
        thread.start();
    }

    /** Takes a task that may be refused when the queue is full: a client's request, a peer's message. */
    boolean offer(Runnable task) {
        if (closed || queued.get() >= maxQueued) {
            return false;
        }
        execute(task);
        return true;
    }

    /** Takes a task that must not be lost (what the loop itself asked for, so bounded by what it has under way). */
    void execute(Runnable task) {
        queued.incrementAndGet();
        queue.add(task);
        if (parked) {
            parked = false;
            LockSupport.unpark(thread);
        }
    }

    boolean isStuck() {
        return System.nanoTime() - lastRoundNanos > STUCK_NANOS && !closed;
    }

    int queued() {
        return queued.get();
    }

    private void run() {
        try {
            loop();
        } catch (RuntimeException | Error e) {
            closed = true;
            onFailure.accept(e);
        }
    }

    private void loop() {
        long nextTick = System.nanoTime();
        while (!closed) {
            int done = 0;
            Runnable task;
            while (done < TASKS_BETWEEN_CLOCK_READS && (task = queue.poll()) != null) {
                queued.decrementAndGet();
                task.run();
                done++;
            }
            long now = System.nanoTime();
            lastRoundNanos = now;
            if (now - nextTick >= 0) {
                tick.accept(now);
                nextTick = now + tickNanos;
            } else if (done == 0) {
                parked = true;
                if (queue.isEmpty() && !closed) {
                    LockSupport.parkNanos(this, nextTick - now);
                }
                parked = false;
            }
        }
    }

    /** Stops after the task under way; tasks still queued are not run. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() != thread) {
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
