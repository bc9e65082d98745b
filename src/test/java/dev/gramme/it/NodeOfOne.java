package dev.gramme.it;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The properties that make the packaged program a server: a cluster of one that keeps one copy, on a new directory. */
public final class NodeOfOne implements QuarkusTestResourceLifecycleManager {
    private static final Path DATA = Path.of("target", "packaged-node").toAbsolutePath();

    @Override
    public Map<String, String> start() {
        clear();
        return Map.of(
                "gramme.node-id", "n1",
                "gramme.data", DATA.toString(),
                "gramme.replicas", "1",
                "gramme.bridge", "127.0.0.1:0",
                // Shorter than anybody would have it, so that a test may wait for it.
                "quarkus.http.idle-timeout", "3s",
                // As the server command sets it.
                "vertx.disableURIValidation", "true");
    }

    /** What the last run left. */
    private static void clear() {
        if (!Files.exists(DATA)) {
            return;
        }
        try (Stream<Path> files = Files.walk(DATA)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process ends after this, and writes to its directory until then: that is left for a later run to clear. */
    @Override
    public void stop() {}
}
