package dev.gramme.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Stops a node in order and watches it stop, as a load balancer does: its readiness is asked for again and again, and once it is not ready, clients are
 * sent there no more.
 *
 * @param exit the process's status
 * @param took from SIGTERM to its end
 * @param readiness statuses that were seen, and how often
 * @param connectionClose so many of them told the client to close the connection
 */
record Draining(int exit, Duration took, SortedMap<Integer, Integer> readiness, int connectionClose) {
    private static final long PAUSE_MILLIS = 50;

    static Draining of(TestCluster cluster, TestNode node) throws InterruptedException {
        SortedMap<Integer, Integer> readiness = new TreeMap<>();
        int closes = 0;
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(1))
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + "/q/health/ready"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            long told = System.nanoTime();
            node.terminate();
            while (node.runs()) {
                try {
                    HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
                    readiness.merge(response.statusCode(), 1, Integer::sum);
                    closes += response.headers()
                                    .firstValue("Connection")
                                    .filter("close"::equalsIgnoreCase)
                                    .isPresent()
                            ? 1
                            : 0;
                } catch (IOException e) {
                    readiness.merge(0, 1, Integer::sum);
                }
                if (readiness.keySet().stream().anyMatch(status -> status != 200)) {
                    cluster.forget(node);
                }
                // The rhythm at which a load balancer polls a real process; nothing is decided by its length.
                Thread.sleep(PAUSE_MILLIS);
            }
            return new Draining(node.awaitEnd(), Duration.ofNanos(System.nanoTime() - told), readiness, closes);
        }
    }
}
