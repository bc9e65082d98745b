package dev.gramme.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How to start this very program again, native or on the JVM. */
final class ThisProgram {
    private ThisProgram() {}

    static List<String> command() {
        if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
            return List.of(ProcessHandle.current().info().command().orElse("gramme"));
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags(System.getenv("GRAMME_NODE_JAVA_OPTS")));
        command.add("-jar");
        command.add(
                Path.of(System.getProperty("java.class.path")).toAbsolutePath().toString());
        return command;
    }

    /** Flags for a node among others on one machine: small and soon warm. */
    private static List<String> flags(@Nullable String given) {
        if (given != null && !given.isBlank()) {
            return List.of(given.strip().split("\\s+"));
        }
        return List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4", "-Xshare:auto");
    }
}
