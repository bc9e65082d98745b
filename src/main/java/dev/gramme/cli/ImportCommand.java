package dev.gramme.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gramme import}. A record's idempotency key comes from what it holds, so that asking twice is one write. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Writes the records of a file: one key a line, CSV (key,value; no heading) or JSON lines. Each is tried again until it is acknowledged; an import that was broken off goes on where it was. Records of the same key are written in no set order.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:every record is acknowledged", "4:stopped: the same command goes on"})
final class ImportCommand implements Callable<Integer> {
    private static final int MAX_CONCURRENCY = 1_024;
    private static final int IDENTITY_BYTES = 12;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file to import.")
    private Path file = Path.of("");

    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Mixin
    private RequestFlags flags = new RequestFlags();

    @Option(names = "--bucket", required = true, description = "The bucket to write to.")
    private String bucket = "";

    @Option(names = "--format", description = "lines, csv or jsonl (default: by the file's ending).")
    private RecordReader.@Nullable Format format;

    @Option(
            names = "--concurrency",
            defaultValue = "32",
            description = "Requests under way (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--give-up",
            defaultValue = "120",
            description = "Seconds to try one record again before the import stops (default: ${DEFAULT-VALUE}).")
    private int giveUpSeconds;

    @Option(names = "--progress-file", description = "Where the place reached is kept (default: FILE.gramme-import).")
    private @Nullable Path progressFile;

    @Option(names = "--restart", description = "Begin at the first record, whatever was imported before.")
    private boolean restart;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (concurrency < 1 || concurrency > MAX_CONCURRENCY || giveUpSeconds < 0) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--concurrency must be 1 to " + MAX_CONCURRENCY + ", --give-up 0 or more");
        }
        endpoint.targets();
        RecordReader.Format chosen = format == null ? RecordReader.Format.of(file) : format;
        long total = count(chosen);
        Path kept = progressFile == null ? file.resolveSibling(file.getFileName() + ".gramme-import") : progressFile;
        if (restart) {
            Files.deleteIfExists(kept);
        }
        ImportProgress progress = new ImportProgress(kept, identity(chosen));
        if (progress.done() > 0) {
            System.err.println("going on after record " + progress.done());
        }
        String failure;
        try (RecordReader reader = RecordReader.open(file, chosen)) {
            failure = run(new Import(reader, endpoint, target(), progress), progress, total);
        }
        if (failure == null) {
            progress.forget();
            System.out.println(total + " records are in bucket " + bucket);
            return ExitStatus.OK;
        }
        System.err.println("gramme: " + failure);
        tellWhereToGoOn(progress);
        return ExitStatus.FAILED;
    }

    private @Nullable String run(Import work, ImportProgress progress, long total) throws InterruptedException {
        // Ctrl-C: the place reached is kept and told.
        Thread interrupted = new Thread(
                () -> {
                    work.stop("interrupted");
                    tellWhereToGoOn(progress);
                },
                "gramme-import-stop");
        Runtime.getRuntime().addShutdownHook(interrupted);
        ProgressLine line = new ProgressLine();
        String failure = work.run(concurrency, () -> line.show(progress.bar(total)));
        line.end(progress.bar(total));
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException shuttingDown) {
            // The hook tells the rest, and the process ends when it has.
            interrupted.join();
        }
        return failure;
    }

    private static void tellWhereToGoOn(ImportProgress progress) {
        try {
            progress.save();
            System.err.println("The same command goes on after record " + progress.done());
        } catch (IOException e) {
            System.err.println("gramme: the place reached can't be kept: " + e.getMessage()
                    + "\nThe same command begins anew; what is written already stays as it is");
        }
    }

    private Import.Target target() {
        return new Import.Target(
                "/v1/kv/" + KeyArguments.encode(bucket) + "/",
                flags.query(),
                flags.patience(),
                Duration.ofSeconds(giveUpSeconds));
    }

    /** For the progress bar. A record that can't be read ends the count, and is told when the import gets there. */
    private long count(RecordReader.Format chosen) throws IOException {
        long total = 0;
        try (RecordReader reader = RecordReader.open(file, chosen)) {
            while (isAnother(reader)) {
                total++;
            }
        }
        return total;
    }

    private static boolean isAnother(RecordReader reader) {
        try {
            return reader.next() != null;
        } catch (IOException toldLater) {
            return false;
        }
    }

    /** Of the file as it is now: path, size, time of change, and how and where to it is imported. */
    private String identity(RecordReader.Format chosen) throws IOException {
        String text = file.toAbsolutePath() + "\n" + Files.size(file) + "\n" + Files.getLastModifiedTime(file) + "\n"
                + chosen + "\n" + bucket;
        byte[] digest = ImportRecord.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, IDENTITY_BYTES);
    }
}
