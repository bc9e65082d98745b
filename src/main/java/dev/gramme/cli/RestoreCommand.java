package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gramme restore}. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Checks every file of a backup, then merges it into a cluster: the same one or another, of any number of nodes. What was written since the backup stays. A restore that was broken off goes on with the same command, and one that is repeated changes nothing.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:every record is at all its owners (or, with --verify-only, the backup is whole)", "4:stopped"
        })
final class RestoreCommand implements Callable<Integer> {
    private static final int MAX_CONCURRENCY = 64;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Option(names = "--from", paramLabel = "DIR", required = true, description = "Where gramme backup wrote to.")
    private Path directory = Path.of("");

    @Option(names = "--backup", paramLabel = "NAME", description = "Which one, as it was named (default: the newest).")
    private @Nullable String name;

    @Option(names = "--verify-only", description = "Check the backup, and ask no node.")
    private boolean verifyOnly;

    @Option(
            names = "--return-deleted",
            description =
                    "Restore also where the cluster has forgotten deletes that the backup may lack (--collect-after of the servers): what they had deleted, and is in the backup, comes back. Without it such a restore is refused.")
    private boolean returnDeleted;

    @Option(
            names = "--concurrency",
            defaultValue = "4",
            description = "Requests under way (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--give-up",
            defaultValue = "120",
            description = "Seconds without any progress after which the restore stops (default: ${DEFAULT-VALUE}).")
    private int giveUpSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY || giveUpSeconds < 0) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--concurrency must be 1 to " + MAX_CONCURRENCY + ", --give-up 0 or more");
        }
        Manifest manifest = manifest();
        ProgressLine line = new ProgressLine();
        verify(manifest, line);
        warnOfGaps(manifest);
        if (verifyOnly) {
            System.out.println("backup " + manifest.name() + " is whole: " + manifest.records() + " records, "
                    + Units.bytes(manifest.bytes()));
            return ExitStatus.OK;
        }
        return restore(manifest, line);
    }

    private int restore(Manifest manifest, ProgressLine line) throws IOException, InterruptedException {
        RestoreTarget target = RestoreTarget.of(endpoint);
        RestoreProgress progress = new RestoreProgress(directory, manifest, target.cluster());
        if (progress.files() > 0) {
            System.err.println("going on after " + progress.files() + " files");
        }
        Duration giveUp = Duration.ofSeconds(giveUpSeconds);
        // How old the backup of another cluster is can't be said here; and what it has deleted is not what was deleted
        // there.
        boolean anyAge = returnDeleted || !target.isSourceOf(manifest);
        Restore restore = new Restore(directory, manifest, target, progress, giveUp, anyAge);
        List<Integer> outdated = restore.outdated();
        if (!outdated.isEmpty()) {
            tellOutdated(manifest, outdated, progress.files() > 0);
            return ExitStatus.FAILED;
        }
        target.setBuckets(manifest.content().path("buckets"));
        String failure = restore.run(concurrency, () -> line.show(restore.progress()));
        line.end(restore.progress());
        if (failure == null) {
            failure = target.awaitHints(giveUp, line);
        }
        if (failure != null) {
            System.err.println("gramme: " + failure + "\nThe same command goes on");
            return ExitStatus.FAILED;
        }
        progress.forget();
        System.out.println(
                manifest.records() + " records of backup " + manifest.name() + " are in cluster " + target.cluster());
        return ExitStatus.OK;
    }

    private static void tellOutdated(Manifest manifest, List<Integer> partitions, boolean begun) {
        System.err.println(
                "gramme: cluster " + manifest.cluster() + " has forgotten deletes since backup "
                        + manifest.name() + " was made, or is about to, that it may lack (partitions: "
                        + partitions.size()
                        + ", the first is "
                        + partitions.getFirst() + "). What they had deleted may be in it, so "
                        + (begun ? "nothing more" : "nothing")
                        + " was restored.\nRestore a newer backup, or this one into another cluster. With --return-deleted it is taken all the same: then what was deleted since comes back");
    }

    private Manifest manifest() throws IOException {
        if (name != null) {
            return Manifest.read(directory, name);
        }
        List<String> names = Manifest.names(directory);
        if (names.isEmpty()) {
            throw new IOException("there is no backup in " + directory + ": gramme backup --to makes one");
        }
        return Manifest.read(directory, names.getLast());
    }

    /** Everything, before anything is sent. */
    private void verify(Manifest manifest, ProgressLine line) throws IOException {
        long bytes = 0;
        for (JsonNode file : manifest.files()) {
            Path path = Manifest.data(directory).resolve(file.path("file").asText());
            BackupFile.Facts facts =
                    BackupFile.read(path, file.path("partition").asInt(), manifest.partitions(), BackupFile::nothing);
            if (!facts.sha256().equals(file.path("sha256").asText())
                    || facts.records() != file.path("records").asLong()) {
                throw new IOException(path + " is damaged: it is not what the manifest of backup " + manifest.name()
                        + " says (its SHA-256 is " + facts.sha256() + ")");
            }
            bytes += facts.bytes();
            line.show("checked " + Units.bytes(bytes) + " of " + Units.bytes(manifest.bytes()));
        }
    }

    private static void warnOfGaps(Manifest manifest) {
        JsonNode missing = manifest.content().path("missing");
        if (!missing.isEmpty()) {
            System.err.println("gramme: backup " + manifest.name() + " is without partitions " + missing);
        }
    }
}
