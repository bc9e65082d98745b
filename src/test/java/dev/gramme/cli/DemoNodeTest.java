package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoNodeTest {
    @TempDir
    Path directory;

    @Test
    void a_port_in_use_or_given_out_already_is_passed_over() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            int free = DemoNode.freePort(port, List.of());

            assertThat(free).isGreaterThan(port);
            assertThat(DemoNode.freePort(port, List.of(free))).isGreaterThan(free);
        }
        assertThatThrownBy(() -> DemoNode.freePort(65_535, List.of(65_535)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("65535");
    }

    @Test
    void a_pid_that_another_process_has_now_is_not_the_node() throws IOException {
        DemoNode node = new DemoNode("n1", 1, 2, directory);
        Files.writeString(directory.resolve("pid"), ProcessHandle.current().pid() + "\n");

        assertThat(node.process()).isEmpty();
    }

    @Test
    void a_pid_file_that_is_not_there_or_not_written_yet_is_no_process() throws IOException {
        DemoNode node = new DemoNode("n1", 1, 2, directory);
        assertThat(node.process()).isEmpty();

        Files.writeString(directory.resolve("pid"), "");
        assertThat(node.process()).isEmpty();
    }

    @Test
    void the_last_words_of_a_log_are_its_last_lines() throws IOException {
        DemoNode node = new DemoNode("n1", 1, 2, directory);
        assertThat(node.lastWords(2)).isEmpty();

        Files.writeString(node.log(), "one\ntwo\nthree\n");
        assertThat(node.lastWords(2)).containsExactly("two", "three");
        assertThat(node.lastWords(9)).hasSize(3);
    }

    @Test
    void a_demo_of_other_nodes_than_the_directory_holds_is_refused() throws IOException {
        Files.createDirectories(directory.resolve("n1/data"));
        Files.createDirectories(directory.resolve("n2/data"));

        Terminal.Run run = Terminal.run("demo", "--nodes", "3", "--data", directory.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("holds a demo of 2 nodes").contains("--nodes 2");
    }

    @Test
    void numbers_out_of_range_are_a_wrong_command() {
        assertThat(Terminal.run("demo", "--nodes", "0").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Terminal.run("demo", "--http-port", "70000").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void nodes_get_the_flags_that_their_java_needs_and_the_users_flags_last() {
        assertThat(ThisProgram.flags(21, null)).noneMatch(flag -> flag.startsWith("--"));
        assertThat(ThisProgram.flags(25, null))
                .contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
        assertThat(ThisProgram.flags(25, " -Xmx1g  -Da=b ")).endsWith("-Xmx1g", "-Da=b");
    }
}
