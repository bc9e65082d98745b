package dev.gramme.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.deploy.Deployment.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Kubernetes manifests among themselves. */
class KubernetesFilesTest {

    private int http;
    private int bridge;

    @BeforeEach
    void the_program_has_two_ports() throws ClassNotFoundException {
        ServerFlags flags = new ServerFlags();
        http = flags.defaultPort("--http");
        bridge = flags.defaultPort("--bridge");
    }

    @Test
    void the_services_and_the_network_policy_name_the_ports_of_the_pods() throws IOException {
        Node container = Deployment.container(Deployment.manifest("statefulset.yaml"));
        assertEquals(
                http,
                number(container
                        .at("ports")
                        .with("name", "http")
                        .at("containerPort")
                        .text()));
        assertEquals(
                bridge,
                number(container
                        .at("ports")
                        .with("name", "bridge")
                        .at("containerPort")
                        .text()));
        assertService("service.yaml", "http", http);
        assertService("service-nodes.yaml", "bridge", bridge);

        List<Node> rules =
                Deployment.manifest("networkpolicy.yaml").at("spec", "ingress").items();
        assertEquals(
                http,
                number(rules.get(0).at("ports").items().getFirst().at("port").text()));
        assertFalse(rules.get(0).has("from"));
        assertEquals(
                bridge,
                number(rules.get(1).at("ports").items().getFirst().at("port").text()));
        assertTrue(rules.get(1).has("from"), "the bridge is for nodes alone");
    }

    @Test
    void pods_find_each_other_before_they_are_ready() throws IOException {
        Node service = Deployment.manifest("service-nodes.yaml");
        Node set = Deployment.manifest("statefulset.yaml");
        assertEquals("None", service.at("spec", "clusterIP").text());
        assertEquals("true", service.at("spec", "publishNotReadyAddresses").text());
        assertEquals(service.at("metadata", "name"), set.at("spec", "serviceName"));
        Deployment.pods()
                .forEach((pod, environment) -> assertEquals(
                        pod + "." + service.at("metadata", "name").text() + ":" + bridge,
                        environment.get("GRAMME_ADVERTISE")));
    }

    @Test
    void every_selector_finds_the_pods() throws IOException {
        Node labels = Deployment.manifest("statefulset.yaml").at("spec", "template", "metadata", "labels");
        assertEquals(labels, Deployment.manifest("statefulset.yaml").at("spec", "selector", "matchLabels"));
        assertEquals(labels, Deployment.manifest("service.yaml").at("spec", "selector"));
        assertEquals(labels, Deployment.manifest("service-nodes.yaml").at("spec", "selector"));
        assertEquals(labels, Deployment.manifest("networkpolicy.yaml").at("spec", "podSelector", "matchLabels"));
        assertEquals(labels, Deployment.manifest("poddisruptionbudget.yaml").at("spec", "selector", "matchLabels"));
    }

    @Test
    void kustomize_applies_every_manifest() throws IOException {
        Set<String> listed = new TreeSet<>(
                Deployment.manifest("kustomization.yaml").at("resources").texts());
        Set<String> present = new TreeSet<>();
        try (var files = Files.list(Deployment.KUBERNETES)) {
            files.map(file -> file.getFileName().toString()).forEach(present::add);
        }
        present.remove("kustomization.yaml");
        assertEquals(present, listed);
    }

    private static void assertService(String file, String name, int port) throws IOException {
        Node ports = Deployment.manifest(file).at("spec", "ports");
        assertEquals(1, ports.items().size());
        assertEquals(port, number(ports.with("name", name).at("port").text()));
        assertEquals(name, ports.with("name", name).at("targetPort").text());
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }
}
