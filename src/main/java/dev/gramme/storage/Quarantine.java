package dev.gramme.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a directory's {@code quarantine/} says of what it has lost. */
final class Quarantine {
    private static final Pattern PARTITION = Pattern.compile("(\\d{4,5})\\.mv(\\.\\d+)?");

    private Quarantine() {}

    /**
     * The partitions of which something was set aside by a program that did not know what is lacking: nobody knows whether they are whole again. All, where it was of the log.
     *
     * @throws IOException if it can't be read
     */
    static BitSet partitions(Path root, int partitions) throws IOException {
        Path quarantine = root.resolve("quarantine");
        BitSet found = new BitSet();
        if (!Files.isDirectory(quarantine)) {
            return found;
        }
        List<String> names;
        try (Stream<Path> files = Files.list(quarantine)) {
            names = files.map(file -> String.valueOf(file.getFileName())).toList();
        }
        for (String name : names) {
            Matcher partition = PARTITION.matcher(name);
            if (partition.matches()) {
                found.set(Integer.parseInt(partition.group(1)));
            } else if (name.contains(".log")) {
                found.set(0, partitions);
            }
        }
        found.clear(partitions, Math.max(partitions, found.length()));
        return found;
    }
}
