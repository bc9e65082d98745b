package dev.gramme.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gramme.storage.FileContents;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Bits that are flipped in a node's partition files and log, and what became of each.
 *
 * <p>A flip counts as live if all that can be read from the file is not the same with it and without it ({@link FileContents}, on a copy). One in bytes that nothing points to, or that
 * the file has twice, or behind another flip in the same segment of the log, changes nothing for anybody. Of each live one the node must tell, by the name of the file; unless it wrote over the file itself before it or anybody read it.
 */
final class BitFlips {
    /** In the log there are few files, and in each much. */
    private static final int A_SEGMENT = 6;

    private record Flip(Path file, boolean live) {
        boolean isInLog() {
            return file.toString().endsWith(".log");
        }
    }

    private final TestNode node;
    private final int partitions;
    private final Random random;
    private final List<Flip> round = new ArrayList<>();
    private int flipped;
    private int inLog;
    private int live;
    private int liveInLog;
    private int byScrub;
    private int byReading;
    private int cut;
    private int writtenOver;

    BitFlips(TestNode node, int partitions, Random random) {
        this.node = node;
        this.partitions = partitions;
        this.random = random;
    }

    int count() {
        return flipped;
    }

    /** One bit in each of its files, some in each segment of its log, {@code most} in all. */
    void flip(int most) throws IOException {
        round.clear();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(node.data())) {
            all.filter(file -> file.toString().matches(".*/(partitions/.*\\.mv|log/.*\\.log)"))
                    .sorted()
                    .forEach(files::add);
        }
        for (Path file : files) {
            int wanted = file.toString().endsWith(".log") ? A_SEGMENT : 1;
            for (int i = 0; i < wanted && round.size() < most; i++) {
                flip(file);
            }
        }
        for (Flip flip : round) {
            flipped++;
            inLog += flip.isInLog() ? 1 : 0;
            live += flip.live() ? 1 : 0;
            liveInLog += flip.isInLog() && flip.live() ? 1 : 0;
        }
    }

    private void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = file.toString().endsWith(".log") ? written(bytes) : bytes.length;
        if (length == 0) {
            return;
        }
        int at = random.nextInt(length);
        byte before = bytes[at];
        String whole = contents(bytes, file);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        boolean isLive = !whole.equals(contents(bytes, file));
        try (var channel = Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(before).isNotEqualTo(bytes[at]);
            channel.position(at).write(ByteBuffer.wrap(bytes, at, 1));
        }
        round.add(new Flip(file, isLive));
    }

    /** Without the room made ahead. */
    private static int written(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private String contents(byte[] bytes, Path name) throws IOException {
        Path copy = Files.createTempFile("flip", String.valueOf(name.getFileName()));
        try {
            Files.write(copy, bytes);
            return FileContents.of(copy, partitions);
        } finally {
            Files.delete(copy);
        }
    }

    /**
     * The node has had the time to find all of the last round.
     *
     * @param told by its log since then
     * @param scrub what its scrub says
     */
    void account(String told, JsonObject scrub) throws IOException {
        List<String> damage =
                told.lines().filter(line -> line.contains("Damage found: ")).toList();
        List<String> scrubbed = scrub.getJsonArray("found").stream()
                .map(found -> ((JsonObject) found).getString("file"))
                .toList();
        for (Flip flip : round) {
            if (flip.live()) {
                account(flip, damage, scrubbed, told);
            }
        }
    }

    private void account(Flip flip, List<String> damage, List<String> scrubbed, String told) throws IOException {
        String name = flip.file().getFileName().toString();
        if (scrubbed.stream().anyMatch(file -> file.endsWith(name))) {
            byScrub++;
        } else if (damage.stream().anyMatch(line -> line.contains(name))) {
            byReading++;
        } else if (flip.isInLog() && told.contains("bytes of an unfinished write")) {
            cut++;
        } else {
            boolean isWhole = flip.isInLog()
                    ? !Files.exists(flip.file())
                    : !Files.exists(flip.file())
                            || FileContents.isWhole(contents(Files.readAllBytes(flip.file()), flip.file()));
            assertThat(isWhole)
                    .as("a bit of %s was flipped, and nobody found it:\n%s", flip.file(), told)
                    .isTrue();
            writtenOver++;
        }
    }

    @Override
    public String toString() {
        return flipped + " bits flipped, " + inLog + " of them in the log; " + live + " live ones, " + liveInLog
                + " of them in the log: found by the scrub " + byScrub + ", by reading or at the start " + byReading
                + ", cut at the start as an unfinished write " + cut + ", written over before anybody read them "
                + writtenOver;
    }
}
