package dev.gramme.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.deploy.Deployment.Node;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/** Images, compose file, manifests and unit agree with each other and with the flags of {@code gramme server}. */
class DeployFilesTest {

    /** What a node cannot do without, or not safely, outside of a laptop. */
    private static final Set<String> NEEDED = Set.of(
            "GRAMME_NODE_ID",
            "GRAMME_HTTP",
            "GRAMME_BRIDGE",
            "GRAMME_ADVERTISE",
            "GRAMME_DATA",
            "GRAMME_CLUSTER",
            "GRAMME_MEMBERS",
            "GRAMME_SEEDS",
            "GRAMME_CLUSTER_KEY_FILE");

    private ServerFlags flags;
    private int http;
    private int bridge;

    @BeforeEach
    void the_program_says_what_it_takes() throws ClassNotFoundException {
        flags = new ServerFlags();
        http = flags.defaultPort("--http");
        bridge = flags.defaultPort("--bridge");
    }

    @Test
    void each_flag_of_the_server_has_the_variable_of_its_name() {
        assertTrue(flags.byVariable().size() >= 12, () -> flags.byVariable().toString());
        flags.byVariable()
                .forEach((variable, flag) -> assertEquals(
                        "GRAMME_" + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT), variable));
        assertEquals(List.of(), flags.namesWithoutVariable());
    }

    @Test
    void each_deployment_sets_what_a_node_needs_and_only_what_the_server_knows() throws IOException {
        Map<String, Map<String, String>> nodes = nodes();
        assertEquals(12, nodes.size(), "five by compose and one to grow by, five pods, one unit");
        nodes.forEach((name, environment) -> {
            assertTrue(environment.keySet().containsAll(NEEDED), () -> name + " lacks some of " + NEEDED);
            assertKnown(name, environment);
            flags.parse(environment);
        });
        for (Path image : Deployment.IMAGES) {
            assertEquals(
                    Set.of("GRAMME_HTTP", "GRAMME_BRIDGE", "GRAMME_DATA"),
                    Deployment.image(image).keySet());
            assertKnown(image.toString(), Deployment.image(image));
        }
    }

    @Test
    void a_setting_that_the_server_cannot_read_would_be_found() throws IOException {
        Map<String, String> environment =
                new LinkedHashMap<>(Deployment.compose().get("n1"));
        environment.put("GRAMME_PARTITIONS", "many");
        assertThrows(ParameterException.class, () -> flags.parse(environment));
        assertThrows(IllegalArgumentException.class, () -> Deployment.members("n1:7800"));
    }

    @Test
    void nodes_listen_everywhere_on_the_programs_own_ports() throws IOException {
        List<Map<String, String>> all = new ArrayList<>(nodes().values());
        for (Path image : Deployment.IMAGES) {
            all.add(Deployment.image(image));
            assertEquals(List.of(http + " " + bridge), Deployment.instructions(image, "EXPOSE"));
        }
        for (Map<String, String> environment : all) {
            assertEquals("0.0.0.0:" + http, environment.get("GRAMME_HTTP"));
            assertEquals("0.0.0.0:" + bridge, environment.get("GRAMME_BRIDGE"));
        }
    }

    @Test
    void each_node_is_a_member_at_the_address_that_it_advertises() throws IOException {
        Map<String, Map<String, String>> compose = Deployment.compose();
        compose.forEach((service, environment) -> assertEquals(service, environment.get("GRAMME_NODE_ID")));
        Map<String, Map<String, String>> first = new LinkedHashMap<>(compose);
        first.remove("n6");
        assertMembers(first);
        assertMembers(Deployment.pods());
        assertMembers(Map.of("n1", Deployment.unit()), 3);
    }

    @Test
    void a_node_that_comes_later_is_in_no_list_and_finds_the_cluster_by_seeds_that_are_others() throws IOException {
        Map<String, String> sixth = Deployment.compose().get("n6");
        assertFalse(Deployment.members(sixth.get("GRAMME_MEMBERS")).containsKey("n6"));
        assertEquals(
                List.of("grow"),
                Deployment.yaml(Deployment.COMPOSE)
                        .at("services", "n6", "profiles")
                        .texts());
        Set<String> listed =
                Set.copyOf(Deployment.members(sixth.get("GRAMME_MEMBERS")).values());
        assertTrue(listed.containsAll(List.of(sixth.get("GRAMME_SEEDS").split(","))));
        assertEquals(
                Deployment.manifest("service-nodes.yaml").at("metadata", "name").text() + ":" + bridge,
                Deployment.pods().get("gramme-0").get("GRAMME_SEEDS"));
    }

    @Test
    void a_node_has_the_time_to_drain_before_it_is_killed() throws IOException {
        int grace = Integer.parseInt(Deployment.manifest("statefulset.yaml")
                .at("spec", "template", "spec", "terminationGracePeriodSeconds")
                .text());
        int drain = Integer.parseInt(Deployment.pods().get("gramme-0").get("GRAMME_DRAIN_TIMEOUT"));
        assertTrue(2 * drain <= 1_000 * grace, drain + " ms of " + grace + " s");
    }

    @Test
    void probes_ask_the_paths_that_the_program_serves() throws IOException {
        String health = healthPath();
        Node container = Deployment.container(Deployment.manifest("statefulset.yaml"));
        assertProbe(container, "startupProbe", health + "/started");
        assertProbe(container, "livenessProbe", health + "/live");
        assertProbe(container, "readinessProbe", health + "/ready");
        for (Node service :
                Deployment.yaml(Deployment.COMPOSE).at("services").fields().values()) {
            assertEquals(
                    "http://127.0.0.1:" + http + health + "/ready",
                    service.at("healthcheck", "test").texts().getLast());
        }
        String readme = Files.readString(Path.of("deploy/README.md"));
        for (String probe : List.of("/started", "/live", "/ready")) {
            assertTrue(readme.contains("`" + health + probe + "`"), probe);
        }
    }

    @Test
    void the_data_directory_is_the_volume() throws IOException {
        String data = "/var/lib/gramme";
        nodes().forEach((name, environment) -> assertEquals(data, environment.get("GRAMME_DATA"), name));
        for (Path image : Deployment.IMAGES) {
            assertEquals(List.of(data), Deployment.instructions(image, "VOLUME"));
            assertEquals(data, Deployment.image(image).get("GRAMME_DATA"));
        }
        assertEquals(List.of("gramme"), Deployment.settings("StateDirectory"));
        Node set = Deployment.manifest("statefulset.yaml");
        assertEquals(
                data,
                Deployment.container(set)
                        .at("volumeMounts")
                        .with("name", "data")
                        .at("mountPath")
                        .text());
        assertEquals(
                "data",
                set.at("spec", "volumeClaimTemplates")
                        .items()
                        .getFirst()
                        .at("metadata", "name")
                        .text());
        Deployment.yaml(Deployment.COMPOSE)
                .at("services")
                .fields()
                .forEach((name, service) -> assertEquals(
                        List.of(name + ":" + data), service.at("volumes").texts()));
    }

    @Test
    void the_cluster_key_is_where_the_node_looks_for_it() throws IOException {
        Node compose = Deployment.yaml(Deployment.COMPOSE);
        for (Map<String, String> node : Deployment.compose().values()) {
            String secret =
                    Path.of(node.get("GRAMME_CLUSTER_KEY_FILE")).getFileName().toString();
            assertEquals("/run/secrets/" + secret, node.get("GRAMME_CLUSTER_KEY_FILE"));
            assertTrue(compose.at("secrets").has(secret));
        }
        Node set = Deployment.manifest("statefulset.yaml");
        String mount = Deployment.container(set)
                .at("volumeMounts")
                .with("name", "cluster-key")
                .at("mountPath")
                .text();
        String pods = Deployment.pods().get("gramme-0").get("GRAMME_CLUSTER_KEY_FILE");
        assertEquals(mount + "/cluster.key", pods);
        String secretName = set.at("spec", "template", "spec", "volumes")
                .with("name", "cluster-key")
                .at("secret", "secretName")
                .text();
        assertTrue(Files.readString(Path.of("deploy/README.md"))
                .contains("create secret generic " + secretName + " --from-file=cluster.key"));
        assertEquals(List.of("cluster.key:/etc/gramme/cluster.key"), Deployment.settings("LoadCredential"));
    }

    @Test
    void everything_runs_the_server_and_not_as_root() throws IOException {
        String server = flags.command();
        for (Path image : Deployment.IMAGES) {
            assertEquals(List.of("[\"" + server + "\"]"), Deployment.instructions(image, "CMD"));
            assertNotEquals("root", Deployment.instructions(image, "USER").getLast());
        }
        Node set = Deployment.manifest("statefulset.yaml");
        assertEquals(List.of(server), Deployment.container(set).at("args").texts());
        assertEquals(
                Deployment.instructions(Deployment.IMAGES.getFirst(), "USER").getLast(),
                set.at("spec", "template", "spec", "securityContext", "runAsUser")
                        .text());
        assertEquals(
                "true",
                Deployment.container(set)
                        .at("securityContext", "readOnlyRootFilesystem")
                        .text());
        for (Node service :
                Deployment.yaml(Deployment.COMPOSE).at("services").fields().values()) {
            assertEquals(List.of(server), service.at("command").texts());
            assertEquals("true", service.at("read_only").text());
        }
        assertEquals(List.of("/opt/gramme/gramme " + server), Deployment.settings("ExecStart"));
        assertEquals(List.of("yes"), Deployment.settings("DynamicUser"));
    }

    @Test
    void the_guide_lists_every_flag_with_its_variable_and_no_other() throws IOException {
        Map<String, String> listed = new LinkedHashMap<>();
        Pattern row = Pattern.compile("\\| `(--[a-z-]+)` \\| `(GRAMME_[A-Z_]+)` \\|.*");
        Deployment.lines(Path.of("deploy/README.md")).stream()
                .map(row::matcher)
                .filter(matcher -> matcher.matches())
                .forEach(matcher -> listed.put(matcher.group(2), matcher.group(1)));
        assertEquals(flags.byVariable(), listed);
    }

    /** Every node that the files describe, by a name for messages. */
    private static Map<String, Map<String, String>> nodes() throws IOException {
        Map<String, Map<String, String>> nodes = new LinkedHashMap<>();
        Deployment.compose().forEach((name, environment) -> nodes.put("compose " + name, environment));
        Deployment.pods().forEach((name, environment) -> nodes.put("pod " + name, environment));
        nodes.put("unit", Deployment.unit());
        return nodes;
    }

    private void assertKnown(String name, Map<String, String> environment) {
        environment.keySet().stream()
                .filter(variable -> variable.startsWith("GRAMME_"))
                .forEach(variable -> assertTrue(
                        flags.byVariable().containsKey(variable), () -> name + " sets the unknown " + variable));
    }

    private void assertMembers(Map<String, Map<String, String>> nodes) {
        assertMembers(nodes, nodes.size());
    }

    private void assertMembers(Map<String, Map<String, String>> nodes, int size) {
        nodes.forEach((name, environment) -> {
            Map<String, String> members = Deployment.members(environment.get("GRAMME_MEMBERS"));
            assertEquals(size, members.size(), name);
            assertEquals(name, environment.get("GRAMME_NODE_ID"));
            assertEquals(environment.get("GRAMME_ADVERTISE"), members.get(name), name);
            members.values().forEach(address -> assertTrue(address.endsWith(":" + bridge), address));
        });
    }

    private static void assertProbe(Node container, String probe, String path) {
        assertEquals(path, container.at(probe, "httpGet", "path").text());
        assertEquals("http", container.at(probe, "httpGet", "port").text());
    }

    /** Quarkus's own path, unless the program's configuration moves it. */
    private static String healthPath() throws IOException {
        Properties properties = new Properties();
        Path file = Path.of("src/main/resources/application.properties");
        properties.load(new StringReader(Files.exists(file) ? Files.readString(file) : ""));
        String root = properties.getProperty("quarkus.http.non-application-root-path", "/q");
        return root + "/" + properties.getProperty("quarkus.smallrye-health.root-path", "health");
    }
}
