package dev.gramme.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How to start this very program again, native or on the JVM, and how people start it. */
final class ThisProgram {
    /** For a node among others on one machine: a bounded heap, and no half-dead node after it has run out. */
    private static final List<String> NODE_FLAGS =
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData");

    private ThisProgram() {}

    /** The words of a command line that starts this program; arguments follow. */
    static List<String> command() throws IOException {
        if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
            return List.of(ProcessHandle.current().info().command().orElse("gramme"));
        }
        String jar = System.getProperty("java.class.path", "");
        if (!jar.endsWith(".jar") || jar.contains(System.getProperty("path.separator"))) {
            throw new IOException("this program does not run from its jar, so it can't start nodes: use ./gramme demo");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags(Runtime.version().feature(), System.getenv("GRAMME_NODE_JAVA_OPTS")));
        command.add("-jar");
        command.add(Path.of(jar).toAbsolutePath().toString());
        return command;
    }

    /**
     * A node's JVM flags.
     *
     * @param given flags of the user's, after ours, so that they win
     */
    static List<String> flags(int javaVersion, @Nullable String given) {
        List<String> flags = new ArrayList<>(NODE_FLAGS);
        // As in the launcher: Netty asks for memory in ways that newer JDKs warn of.
        if (javaVersion >= 22) {
            flags.add("--enable-native-access=ALL-UNNAMED");
        }
        if (javaVersion >= 24) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (given != null && !given.isBlank()) {
            flags.addAll(List.of(given.strip().split("\\s+")));
        }
        return flags;
    }

    /** What people type: the launcher as it is reached from the current directory, if it started this program. */
    static String launcher() {
        String given = System.getProperty("launcher.path");
        if (given == null) {
            return "gramme";
        }
        Path launcher = Path.of(given).toAbsolutePath();
        Path here = Path.of("").toAbsolutePath();
        return launcher.startsWith(here) ? "./" + here.relativize(launcher) : launcher.toString();
    }
}
