package dev.gramme.runtime;

import dev.gramme.node.ClaimQuestion;
import dev.gramme.ring.Ring;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Finds who is to own what by another set of members, on a thread of its own that ends when there is nothing to find. */
final class ClaimFinder implements AutoCloseable {
    /** Plans asked for and not made yet. */
    private static final int MAX_WAITING = 16;

    private static final long KEPT_SECONDS = 10;

    private final Consumer<Throwable> onFailure;
    private final ThreadPoolExecutor thread;

    /** @param onFailure told what a claim threw */
    ClaimFinder(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
        this.thread = new ThreadPoolExecutor(
                1, 1, KEPT_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    Thread made = new Thread(task, "gramme-claims");
                    made.setDaemon(true);
                    return made;
                });
        this.thread.allowCoreThreadTimeOut(true);
    }

    /** @return false if too many wait: then nothing is found */
    boolean find(ClaimQuestion question, Consumer<Ring> found) {
        try {
            thread.execute(() -> answer(question, found));
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    private void answer(ClaimQuestion question, Consumer<Ring> found) {
        try {
            found.accept(question.answer());
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
