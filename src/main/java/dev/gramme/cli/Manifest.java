package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One backup: which files hold it, with their sums, and what it is of. A JSON object with {@code manifest} and the SHA-256 of that as it is written without white space. Written
 * last, so that a backup that was broken off has none.
 */
record Manifest(String name, JsonNode content) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String ENDING = ".json";

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static Path directory(Path backup) {
        return backup.resolve("manifests");
    }

    static Path data(Path backup) {
        return backup.resolve("data");
    }

    /** Named by the time in UTC. */
    static Manifest write(Path backup, Instant time, ObjectNode content) throws IOException {
        String name = NAME.format(time);
        ObjectNode whole = object();
        whole.set("manifest", content);
        whole.put("sha256", sum(content));
        Path unfinished = directory(backup).resolve(name + ".part");
        Files.writeString(unfinished, whole.toPrettyString() + "\n");
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(
                unfinished,
                directory(backup).resolve(name + ENDING),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        BackupFile.force(directory(backup));
        return new Manifest(name, content);
    }

    /**
     * Reads one, and holds it to its sum.
     *
     * @throws IOException naming the file and what is wrong
     */
    static Manifest read(Path backup, String name) throws IOException {
        Path file = directory(backup).resolve(name + ENDING);
        if (!Files.exists(file)) {
            throw new IOException("there is no backup '" + name + "' in " + backup + "; there are " + names(backup));
        }
        JsonNode whole;
        try {
            whole = JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new IOException(file + " is damaged: it is no JSON", e);
        }
        JsonNode content = whole.path("manifest");
        if (!content.isObject() || !sum(content).equals(whole.path("sha256").asText())) {
            throw new IOException(file + " is damaged: its checksum does not fit");
        }
        if (content.path("format").asInt() != 1) {
            throw new IOException(
                    file + " is of format " + content.path("format").asText() + ", which this program does not know");
        }
        return new Manifest(name, content);
    }

    /** The oldest first. */
    static List<String> names(Path backup) throws IOException {
        if (!Files.isDirectory(directory(backup))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory(backup))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ENDING))
                    .map(file -> file.substring(0, file.length() - ENDING.length()))
                    .sorted()
                    .toList();
        }
    }

    private static String sum(JsonNode content) {
        byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(ImportRecord.sha256().digest(bytes));
    }

    String cluster() {
        return content.path("cluster").asText();
    }

    /** Q of the cluster that it is of. */
    int partitions() {
        return content.path("partitions").asInt();
    }

    long records() {
        return content.path("records").asLong();
    }

    long bytes() {
        return content.path("bytes").asLong();
    }

    /** Each with {@code partition}, {@code file}, {@code records}, {@code bytes}, {@code sha256}, {@code from}, {@link #stamp}. */
    JsonNode files() {
        return content.path("files");
    }

    /**
     * What is in the file was no older when it was read, or was found to be as it is, for this backup: by what the cluster counts collections of deletes with ({@link
     * dev.gramme.wire.Stamps}). Manifests of former programs do not say: then it may be older than any collection.
     */
    static long stamp(JsonNode file) {
        return file.path("stamp").asLong();
    }
}
