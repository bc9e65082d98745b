package dev.gramme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher at the root, run by bash in a checkout whose JDK and Maven only write down how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    private static final String JAR = "target/quarkus-app/quarkus-run.jar";

    @TempDir
    Path temporary;

    private Path checkout;
    private Path jdk;
    private String javaOptions = "-Xmx64m -Dx=y";
    private Path tools;

    @BeforeEach
    void a_checkout_with_spaces_in_its_path() throws IOException {
        checkout = temporary.resolve("a check out");
        Files.createDirectories(checkout.resolve("src/main/java"));
        write("src/main/java/One.java", "class One {}");
        write("src/main/java/Two.java", "class Two {}");
        write("pom.xml", "<project/>");
        Files.copy(Path.of("gramme"), checkout.resolve("gramme"));
        jdk = fakeJdk("jdk 25", "25.0.1");
        tools = temporary.resolve("tools");
        script(tools.resolve("mvn"), """
                echo "$JAVA_HOME: mvn $*" >> "%s/maven-calls"
                [ ! -e broken ] || exit 1
                mkdir -p target/quarkus-app && touch target/quarkus-app/quarkus-run.jar
                """.formatted(temporary));
    }

    @Test
    void arguments_arrive_as_they_were_given() throws Exception {
        Run run = gramme("put", "a bucket", "k*", "");

        assertEquals(0, run.status, run.errors);
        assertEquals(
                List.of("-jar", checkout.toRealPath() + "/" + JAR, "put", "a bucket", "k*", ""), run.fromLastFlag());
    }

    @Test
    void it_runs_from_another_directory_through_a_symbolic_link() throws Exception {
        Path link = Files.createSymbolicLink(
                Files.createDirectories(temporary.resolve("bin")).resolve("g"), Path.of("../a check out/gramme"));

        Run run = run(temporary, link.toString(), "status");

        assertEquals(List.of("-jar", checkout.toRealPath() + "/" + JAR, "status"), run.fromLastFlag());
        assertTrue(run.lines().contains("-Dlauncher.path=" + checkout.toRealPath() + "/gramme"), run.output);
    }

    @Test
    void it_builds_once_and_again_only_after_a_source_was_changed_or_deleted() throws Exception {
        gramme("status");
        gramme("status");
        assertEquals(1, builds());

        age();
        write("src/main/java/One.java", "class One { int changed; }");
        gramme("status");
        assertEquals(2, builds());

        age();
        Files.delete(checkout.resolve("src/main/java/Two.java"));
        gramme("status");
        gramme("status");
        assertEquals(3, builds());
    }

    @Test
    void two_launchers_at_once_build_once() throws Exception {
        List<Process> launchers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            launchers.add(start(checkout, checkout.resolve("gramme").toString(), "status"));
        }
        for (Process launcher : launchers) {
            assertEquals(0, launcher.waitFor());
        }
        assertEquals(1, builds());
    }

    @Test
    void a_build_that_fails_runs_nothing_and_is_tried_again() throws Exception {
        write("broken", "");

        Run failed = gramme("status");

        assertNotEquals(0, failed.status);
        assertEquals("", failed.output);
        assertTrue(failed.errors.contains("the build failed"), failed.errors);
        Files.delete(checkout.resolve("broken"));
        assertEquals(0, gramme("status").status);
    }

    @Test
    void without_sources_it_runs_the_build_beside_it() throws Exception {
        Path deployed = temporary.resolve("opt");
        Files.createDirectories(deployed.resolve("quarkus-app"));
        Files.createFile(deployed.resolve("quarkus-app/quarkus-run.jar"));
        Files.copy(Path.of("gramme"), deployed.resolve("gramme"));

        Run run = run(temporary, deployed.resolve("gramme").toString(), "server");

        assertEquals(
                List.of("-jar", deployed.toRealPath() + "/quarkus-app/quarkus-run.jar", "server"), run.fromLastFlag());
    }

    @Test
    void without_sources_and_build_it_says_what_is_missing() throws Exception {
        Path empty = Files.createDirectories(temporary.resolve("empty"));
        Files.copy(Path.of("gramme"), empty.resolve("gramme"));

        Run run = run(temporary, empty.resolve("gramme").toString(), "server");

        assertNotEquals(0, run.status);
        assertTrue(run.errors.contains("neither a build nor sources"), run.errors);
    }

    @Test
    void a_native_binary_is_run_while_it_is_newer_than_the_sources() throws Exception {
        script(checkout.resolve("target/gramme-runner"), "echo native \"$@\"");
        assertEquals(List.of("native status"), gramme("status").lines());

        Files.setLastModifiedTime(
                checkout.resolve("target/gramme-runner"),
                FileTime.from(Instant.now().minusSeconds(60)));
        assertEquals("status", gramme("status").fromLastFlag().getLast());
    }

    @Test
    void a_java_home_that_is_too_old_is_passed_over_for_the_java_on_the_path() throws Exception {
        Path newer = jdk;
        jdk = fakeJdk("jdk 17", "17.0.9");
        Files.createSymbolicLink(tools.resolve("java"), newer.resolve("bin/java"));

        gramme("status");

        assertTrue(Files.readString(temporary.resolve("maven-calls")).startsWith(newer.toRealPath() + ": mvn"));
    }

    @Test
    void further_flags_come_after_the_launchers_own() throws Exception {
        List<String> lines = gramme("server").lines();

        assertEquals(lines.indexOf("-jar") - 2, lines.indexOf("-Xmx64m"), lines.toString());
        assertEquals(lines.indexOf("-jar") - 1, lines.indexOf("-Dx=y"), lines.toString());
    }

    @Test
    void a_collector_that_is_asked_for_is_the_only_one() throws Exception {
        assertTrue(gramme("server").lines().contains("-XX:+UseG1GC"));

        javaOptions = "-Xmx64m -XX:+UseParallelGC";

        assertEquals(
                List.of("-XX:+UseParallelGC"),
                gramme("server").lines().stream()
                        .filter(flag -> flag.matches("-XX:\\+Use.*GC"))
                        .toList());
    }

    @Test
    void test_runs_what_ci_runs() throws Exception {
        Run run = gramme("test", "-Dtest=One");

        assertEquals(0, run.status, run.errors);
        assertEquals(List.of(jdk + ": mvn -B verify -Dtest=One"), Files.readAllLines(temporary.resolve("maven-calls")));
    }

    @Test
    void it_tells_which_jdk_it_uses() throws Exception {
        assertEquals(List.of(jdk.toString()), gramme("jdk").lines());
    }

    private Run gramme(String... arguments) throws Exception {
        return run(
                checkout,
                Stream.concat(Stream.of("./gramme"), Stream.of(arguments)).toArray(String[]::new));
    }

    private Run run(Path directory, String... command) throws Exception {
        Process process = start(directory, command);
        String output = new String(process.getInputStream().readAllBytes());
        String errors = new String(process.getErrorStream().readAllBytes());
        return new Run(process.waitFor(), output, errors);
    }

    private Process start(Path directory, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of("bash"));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("PATH", tools + ":/usr/bin:/bin");
        builder.environment().put("GRAMME_JAVA_OPTS", javaOptions);
        return builder.start();
    }

    private long builds() throws IOException {
        return Files.readAllLines(temporary.resolve("maven-calls")).stream()
                .filter(call -> call.contains("package"))
                .count();
    }

    /** Moves everything a minute into the past: file times are too coarse to tell what happened within one test. */
    private void age() throws IOException {
        FileTime past = FileTime.from(Instant.now().minusSeconds(60));
        try (Stream<Path> files = Files.walk(checkout)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, past);
            }
        }
    }

    private Path fakeJdk(String name, String version) throws IOException {
        Path home = temporary.resolve(name);
        script(home.resolve("bin/java"), "printf '%s\\n' \"$@\"");
        script(home.resolve("bin/javac"), "");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(checkout.resolve(file), text);
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private record Run(int status, String output, String errors) {

        List<String> lines() {
            return output.lines().toList();
        }

        List<String> fromLastFlag() {
            return lines().subList(lines().indexOf("-jar"), lines().size());
        }
    }
}
