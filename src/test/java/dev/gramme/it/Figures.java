package dev.gramme.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What a test measured: printed, and kept beside the test reports. */
final class Figures {
    private static final Path DIRECTORY = Path.of("target", "figures");

    private Figures() {}

    static void show(String name, String markdown) {
        System.out.println("--- " + name + " ---\n" + markdown);
        try {
            Files.writeString(Files.createDirectories(DIRECTORY).resolve(name + ".md"), markdown);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that would go with the test's directory. */
    static void keep(Path file, String name) throws IOException {
        Files.copy(file, Files.createDirectories(DIRECTORY).resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
