package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The word list of Debian's {@code wamerican} goes into a cluster that loses a node and has another stalled meanwhile. */
class WordListIT {
    private static final Path WORDS = Path.of("/usr/share/dict/american-english");
    private static final int READERS = 48;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void every_word_is_read_back_after_an_import_through_a_killed_and_a_paused_node() throws Exception {
        Assumptions.assumeTrue(Files.exists(WORDS), "needs " + WORDS + " (apt-get install wamerican)");
        Path words = Files.copy(WORDS, directory.resolve("words"));
        try (TestCluster cluster = TestCluster.start(directory, 5);
                ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Program.Run> importing = background.submit(() -> Program.run(
                    directory,
                    "import",
                    words.toString(),
                    "--bucket",
                    "words",
                    "--concurrency",
                    "48",
                    "--url",
                    cluster.urls()));
            awaitImported(cluster, words, 0.10);
            cluster.node(5).kill9();
            awaitImported(cluster, words, 0.35);
            cluster.node(4).pause();
            awaitImported(cluster, words, 0.55);
            cluster.node(4).resume();
            cluster.node(5).start();
            Program.Run done = finish(importing);
            assertThat(done.status()).as(done.err()).isZero();
            cluster.awaitReady();
            awaitNoHints(cluster);
            readBack(cluster, Files.readAllLines(words));
        }
    }

    private static Program.Run finish(Future<Program.Run> importing) throws InterruptedException, ExecutionException {
        return importing.get();
    }

    /** The import says how far it is in the file it goes on from. */
    private void awaitImported(TestCluster cluster, Path words, double share) throws IOException {
        long total;
        try (Stream<String> lines = Files.lines(words)) {
            total = lines.count();
        }
        Path progress = directory.resolve("words.gramme-import");
        Awaitility.await("import at " + share)
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (!Files.exists(progress)) {
                        return false;
                    }
                    String[] kept = Files.readString(progress).strip().split(" ");
                    return kept.length == 2 && Long.parseLong(kept[1]) >= share * total;
                });
    }

    private static void awaitNoHints(TestCluster cluster) {
        Awaitility.await("hints drain to zero").atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            for (TestNode node : cluster.nodes()) {
                JsonNode members =
                        JSON.readTree(node.get("/v1/cluster/members").body()).path("members");
                assertThat(members.size()).isEqualTo(5);
                for (JsonNode member : members) {
                    assertThat(member.path("hints").asLong())
                            .as("%s at %s", member, node.id())
                            .isZero();
                    assertThat(member.path("liveness").asText()).isEqualTo("up");
                }
            }
        });
    }

    /** At R=2 from whichever node: the word itself, one version. */
    private static void readBack(TestCluster cluster, List<String> words) throws InterruptedException {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        Semaphore turns = new Semaphore(READERS);
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                TestNode node = cluster.nodes().get(i % cluster.nodes().size());
                turns.acquire();
                readers.execute(() -> {
                    try {
                        HttpResponse<String> response = node.get("/v1/kv/words/" + encode(word) + "?r=2");
                        if (response.statusCode() != 200 || !response.body().equals(word)) {
                            wrong.add(word + ": " + response.statusCode() + " " + response.body());
                        }
                    } catch (RuntimeException e) {
                        wrong.add(word + ": " + e);
                    } finally {
                        turns.release();
                    }
                });
            }
        }
        List<String> shown = new ArrayList<>(wrong).subList(0, Math.min(10, wrong.size()));
        assertThat(wrong.size()).as("wrong words, among them %s", shown).isZero();
    }

    private static String encode(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
