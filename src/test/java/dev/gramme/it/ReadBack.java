package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Every acknowledged key holds its last acknowledged value, as each node reads it. */
final class ReadBack {
    private static final int READERS = 24;
    private static final int SHOWN = 10;

    private ReadBack() {}

    /** @param query of each read, as {@code ?r=2} */
    static void everywhere(List<TestNode> nodes, List<Acknowledged> expected, String query)
            throws InterruptedException {
        assertThat(expected).isNotEmpty();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        Semaphore turns = new Semaphore(READERS);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Acknowledged each : expected) {
                for (TestNode node : nodes) {
                    turns.acquire();
                    readers.execute(() -> {
                        try {
                            check(node, each, query, wrong);
                        } finally {
                            turns.release();
                        }
                    });
                }
            }
        }
        List<String> shown = new ArrayList<>(wrong).subList(0, Math.min(SHOWN, wrong.size()));
        assertThat(wrong.size())
                .as("wrong of %d keys at %d nodes with %s, among them %s", expected.size(), nodes.size(), query, shown)
                .isZero();
    }

    private static void check(TestNode node, Acknowledged each, String query, Queue<String> wrong) {
        String last = "";
        for (int repeats = 0; repeats < Repeats.MOST; repeats++) {
            try {
                HttpResponse<String> read = node.get("/v1/kv/load/" + each.key() + query);
                last = read.statusCode() + " " + Acknowledged.shortened(read.body());
                if (Repeats.reason(read).isEmpty()) {
                    if (each.fit(Values.of(read)) != Acknowledged.Fit.EXACT) {
                        wrong.add(node.id() + " answers " + last + " for " + each);
                    }
                    return;
                }
            } catch (UncheckedIOException e) {
                last = e.toString();
            }
        }
        wrong.add(each.key() + " can't be read at " + node.id() + ": " + last);
    }
}
