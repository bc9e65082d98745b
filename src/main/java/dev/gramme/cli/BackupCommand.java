package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gramme backup}. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Copies everything that the cluster holds into a directory, while it serves: one file a partition, and a manifest with checksums. What the directory has already is not fetched again; a backup that was broken off goes on with the same command.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:every partition is in the backup",
            "4:something is missing, which is said and in the manifest"
        })
final class BackupCommand implements Callable<Integer> {
    private static final int MAX_CONCURRENCY = 64;
    private static final long SECOND_TRY_MILLIS = 2_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "Where the backups of one cluster are kept.")
    private Path directory = Path.of("");

    @Option(names = "--node", description = "Of the node at --url alone, and what it owns; else of the whole cluster.")
    private boolean nodeAlone;

    @Option(
            names = "--concurrency",
            defaultValue = "4",
            description = "Partitions at once (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    private final LongAdder fetched = new LongAdder();
    private final List<String> unanswered = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--concurrency must be 1 to " + MAX_CONCURRENCY);
        }
        Instant began = Instant.now();
        List<BackupSource> sources = sources();
        JsonNode first = sources.getFirst().overview();
        prepare(first);
        BitSet wanted = new BitSet();
        if (nodeAlone) {
            first.path("owns").forEach(partition -> wanted.set(partition.asInt()));
        } else {
            wanted.set(0, first.path("partitions").asInt());
        }
        Backup backup = new Backup(directory, first.path("partitions").asInt(), fetched);
        ProgressLine line = new ProgressLine();
        BitSet missing = backup.run(wanted, sources, isAll(), concurrency, () -> line.show(backup.progress()));
        if (!missing.isEmpty()) {
            // The ring may have changed meanwhile, or a node was being restarted: once more, by what holds now.
            Thread.sleep(SECOND_TRY_MILLIS);
            List<BackupSource> now = sources();
            missing = backup.run(wanted, now, isAll(), concurrency, () -> line.show(backup.progress()));
        }
        line.end(backup.progress());
        BackupFile.force(Manifest.data(directory));
        Manifest manifest = Manifest.write(directory, began, manifest(first, began, backup, missing));
        return tell(manifest, backup, missing);
    }

    /** Those that answer, of the members of the ring. */
    private List<BackupSource> sources() {
        unanswered.clear();
        List<BackupSource> sources = new ArrayList<>();
        if (nodeAlone) {
            sources.add(new BackupSource(endpoint.urls.getFirst(), fetched));
            return sources;
        }
        for (MemberAddress member : MemberAddress.ofRing(endpoint)) {
            try {
                sources.add(new BackupSource(member.url(), fetched));
            } catch (Endpoint.UnreachableException e) {
                unanswered.add(member.id());
            }
        }
        if (sources.isEmpty()) {
            throw new Endpoint.UnreachableException(
                    "no member of the ring answers at the address that it is known by. See gramme status", false);
        }
        return sources;
    }

    /** Whether those that answered are all members. */
    private boolean isAll() {
        return !nodeAlone && unanswered.isEmpty();
    }

    /** A directory is one cluster's: a file's name says nothing of that. */
    private void prepare(JsonNode overview) throws IOException {
        Files.createDirectories(Manifest.data(directory));
        Files.createDirectories(Manifest.directory(directory));
        List<String> before = Manifest.names(directory);
        if (!before.isEmpty()) {
            Manifest last = Manifest.read(directory, before.getLast());
            if (!last.cluster().equals(overview.path("cluster").asText())
                    || last.partitions() != overview.path("partitions").asInt()) {
                throw new IOException(directory + " holds backups of cluster " + last.cluster() + " with "
                        + last.partitions() + " partitions; name another directory for cluster "
                        + overview.path("cluster").asText() + " with "
                        + overview.path("partitions").asText());
            }
        }
    }

    private ObjectNode manifest(JsonNode overview, Instant began, Backup backup, BitSet missing) {
        ObjectNode manifest = Manifest.object()
                .put("format", 1)
                .put("cluster", overview.path("cluster").asText())
                .put("scope", nodeAlone ? "node " + overview.path("node").asText() : "cluster")
                .put("began", began.toString())
                .put("ended", Instant.now().toString())
                .put("hash", overview.path("hash").asText())
                .put("partitions", overview.path("partitions").asInt())
                .put("replicas", overview.path("replicas").asInt())
                .put("ringVersion", overview.path("ringVersion").asLong())
                .put("records", backup.records())
                .put("bytes", backup.bytes());
        manifest.set("buckets", overview.path("buckets"));
        unanswered.forEach(manifest.putArray("unanswered")::add);
        missing.stream().forEach(manifest.putArray("missing")::add);
        backup.warnings().forEach(manifest.putArray("warnings")::add);
        backup.writeFiles(manifest);
        return manifest;
    }

    private int tell(Manifest manifest, Backup backup, BitSet missing) {
        backup.warnings().forEach(warning -> System.err.println("gramme: " + warning));
        if (!unanswered.isEmpty()) {
            System.err.println("gramme: no answer from " + String.join(", ", unanswered)
                    + ": what they alone hold is not in this backup");
        }
        if (!missing.isEmpty()) {
            System.err.println(
                    "gramme: no owner gave partitions " + missing
                            + ": they are not in this backup. Why is said above; the same command again fetches what is missing");
        }
        if (backup.hintsMissing()) {
            System.err.println("gramme: not all hints could be read: make another backup when they are delivered");
        }
        System.out.println("backup " + manifest.name() + ": " + manifest.records() + " records, "
                + Units.bytes(manifest.bytes()) + "; new: " + backup.newFiles() + " files, "
                + Units.bytes(backup.newBytes()));
        return missing.isEmpty() && !backup.hintsMissing() ? ExitStatus.OK : ExitStatus.FAILED;
    }
}
