package dev.gramme.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged program as this build made it: the native binary if there is one, else the jar. */
final class Program {
    private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(10);

    /**
     * Of the virtual machine, by blanks: by default small and soon warm, as many of them run at once on a small machine. C1 alone gets a code cache so small that code which is new, as in
     * a change of the ring, makes it collect the whole heap: 0.4 s in which a node answers nobody; this is what both compilers would get. The collector is the one that takes least of a processor; the launcher takes another. No statistics are kept in a file
     * that is mapped: collections would wait for its disk; room for its classes, without which it collects all twice while it starts; and what has
     * outlived a request is not copied again and again.
     */
    private static final String JAVA_FLAGS = System.getProperty(
            "gramme.it.java",
            "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
                    + " -XX:MetaspaceSize=64m -XX:MaxTenuringThreshold=1 -XX:-UsePerfData");

    private static final Build OWN = new Build(Path.of("target/quarkus-app/quarkus-run.jar"), JAVA_FLAGS);

    private Program() {}

    /**
     * What is run if there is no native binary: this build's, or another's to compare with.
     *
     * @param javaFlags of the virtual machine, by blanks
     */
    record Build(Path jar, String javaFlags) {}

    /** This build. */
    static Build own() {
        return OWN;
    }

    static List<String> command(String... arguments) {
        return command(OWN, arguments);
    }

    static List<String> command(Build build, String... arguments) {
        List<String> command = new ArrayList<>();
        Path binary = Path.of(System.getProperty("native.image.path", "target/gramme-runner"));
        if (Files.isExecutable(binary)) {
            command.add(binary.toAbsolutePath().toString());
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(build.javaFlags().split(" ")));
            command.add("-jar");
            command.add(build.jar().toAbsolutePath().toString());
        }
        command.addAll(List.of(arguments));
        return command;
    }

    /** What a command printed, and its exit status. */
    record Run(int status, String out, String err) {}

    static Run run(Path directory, String... arguments) throws IOException, InterruptedException {
        return run(directory, COMMAND_TIMEOUT, arguments);
    }

    /** @param limit after which it is killed, and the test fails */
    static Run run(Path directory, Duration limit, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process = new ProcessBuilder(command(arguments))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        try {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "still running after " + limit + ": " + List.of(arguments) + "\n" + Files.readString(err));
            }
            return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }
}
