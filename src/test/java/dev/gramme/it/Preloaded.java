package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/** Values of some size that are written once, so that there is something to move. */
final class Preloaded {
    private static final int KEYS = 2_000;
    private static final int BYTES = 8 << 10;
    private static final int AT_ONCE = 16;

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    private Preloaded() {}

    static Preloaded write(TestCluster cluster) throws InterruptedException {
        Preloaded written = new Preloaded();
        written.each(i -> {
            HttpResponse<String> response = Repeats.untilAnswered(
                    () -> nodeOf(cluster, i).put(path(i), value(i), "Idempotency-Key", "preloaded-" + i));
            if (response.statusCode() != 204) {
                written.wrong.add(path(i) + ": " + response.statusCode() + " " + response.body());
            }
        });
        assertThat(written.wrong).isEmpty();
        return written;
    }

    void assertReadBack(TestCluster cluster, String query) throws InterruptedException {
        each(i -> {
            HttpResponse<String> response =
                    Repeats.untilAnswered(() -> nodeOf(cluster, i).get(path(i) + query));
            if (response.statusCode() != 200 || !response.body().equals(value(i))) {
                wrong.add(path(i) + query + ": " + response.statusCode());
            }
        });
        assertThat(wrong).isEmpty();
    }

    private void each(IntConsumer work) throws InterruptedException {
        Semaphore turns = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < KEYS; i++) {
                int number = i;
                turns.acquire();
                threads.execute(() -> {
                    try {
                        work.accept(number);
                    } catch (RuntimeException e) {
                        wrong.add(path(number) + ": " + e);
                    } finally {
                        turns.release();
                    }
                });
            }
        }
    }

    private static TestNode nodeOf(TestCluster cluster, int number) {
        return cluster.nodes().get(number % cluster.nodes().size());
    }

    private static String path(int number) {
        return "/v1/kv/preloaded/" + number;
    }

    private static String value(int number) {
        return (number + " ").repeat(BYTES / (Integer.toString(number).length() + 1));
    }
}
