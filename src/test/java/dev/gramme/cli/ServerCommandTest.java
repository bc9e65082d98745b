package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What the flags of {@code gramme server} come to; the server itself is not started. */
class ServerCommandTest {
    @Test
    void flags_become_the_properties_that_the_node_reads() {
        SortedMap<String, String> properties = properties(
                "--node-id=n1",
                "--http=0.0.0.0:9090",
                "--bridge=10.0.0.1:7801",
                "--advertise=node-1:7801",
                "--advertise-http=node-1:80",
                "--data=/var/lib/gramme",
                "--cluster=prod",
                "--members=n1=10.0.0.1:7801,n2=10.0.0.2:7801",
                "--seeds=seeds.example:7800",
                "--zone=a",
                "--weight=200",
                "--partitions=64",
                "--replicas=5",
                "--durability=interval",
                "--durability-interval=20",
                "--cluster-key-file=/etc/key",
                "--loops=4",
                "--repair-interval=60",
                "--background-pace=unlimited",
                "--scrub-interval=86400",
                "--hint-mebibytes=64",
                "--hint-age=3600",
                "--drain-timeout=20000");

        assertThat(properties)
                .containsEntry("gramme.node-id", "n1")
                .containsEntry("quarkus.http.host", "0.0.0.0")
                .containsEntry("quarkus.http.port", "9090")
                .containsEntry("gramme.bridge", "10.0.0.1:7801")
                .containsEntry("gramme.advertise", "node-1:7801")
                .containsEntry("gramme.advertise-http", "node-1:80")
                .containsEntry("gramme.data", "/var/lib/gramme")
                .containsEntry("gramme.cluster", "prod")
                .containsEntry("gramme.members", "n1=10.0.0.1:7801,n2=10.0.0.2:7801")
                .containsEntry("gramme.seeds", "seeds.example:7800")
                .containsEntry("gramme.zone", "a")
                .containsEntry("gramme.weight", "200")
                .containsEntry("gramme.partitions", "64")
                .containsEntry("gramme.replicas", "5")
                .containsEntry("gramme.durability", "interval")
                .containsEntry("gramme.durability-interval", "20")
                .containsEntry("gramme.cluster-key-file", "/etc/key")
                .containsEntry("gramme.loops", "4")
                .containsEntry("gramme.repair-interval", "60")
                .containsEntry("gramme.background-pace", "unlimited")
                .containsEntry("gramme.scrub-interval", "86400")
                .containsEntry("gramme.hint-mebibytes", "64")
                .containsEntry("gramme.hint-age", "3600")
                .containsEntry("gramme.drain-timeout", "20000")
                .containsEntry("quarkus.shutdown.delay", "PT2S")
                .containsEntry("quarkus.shutdown.timeout", "PT18S");
    }

    @Test
    void what_is_not_given_is_not_set_or_has_its_documented_default() {
        assertThat(properties("--node-id=n1", "--members="))
                .containsEntry("quarkus.http.host", "127.0.0.1")
                .containsEntry("gramme.partitions", "256")
                .containsEntry("gramme.repair-interval", "3600")
                .containsEntry("gramme.background-pace", "adaptive")
                .containsEntry("gramme.scrub-interval", "604800")
                .containsEntry("gramme.hint-mebibytes", "1024")
                .containsEntry("gramme.hint-age", "86400")
                .containsEntry("gramme.drain-timeout", "10000")
                .doesNotContainKeys(
                        "gramme.members",
                        "gramme.seeds",
                        "gramme.weight",
                        "gramme.advertise",
                        "gramme.cluster-key-file");
    }

    @Test
    void an_ipv6_front_is_written_in_brackets() {
        assertThat(properties("--node-id=n1", "--http=[::1]:8080")).containsEntry("quarkus.http.host", "::1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"8080", ":8080", "localhost", "localhost:", "localhost:65536", "localhost:-1", "::1:80", "h:x"})
    void a_front_address_that_is_none_is_refused_with_an_example(String address) {
        assertThatThrownBy(() -> properties("--node-id=n1", "--http=" + address))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("'" + address + "'")
                .hasMessageContaining("host:port");
    }

    private static SortedMap<String, String> properties(String... flags) {
        CommandLine commandLine = new CommandLine(new ServerCommand());
        commandLine.parseArgs(flags);
        return commandLine.<ServerCommand>getCommand().properties().asMap();
    }
}
