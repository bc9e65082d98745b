package dev.gramme.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
}
