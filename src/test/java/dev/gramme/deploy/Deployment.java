package dev.gramme.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;

/** Reading the files under deploy/ and src/main/docker. */
final class Deployment {

    static final Path COMPOSE = Path.of("deploy/compose.yaml");
    static final Path KUBERNETES = Path.of("deploy/kubernetes");
    static final Path UNIT = Path.of("deploy/systemd/gramme.service");
    static final Path ENVIRONMENT_FILE = Path.of("deploy/systemd/gramme.env.example");
    static final List<Path> IMAGES = List.of(
            Path.of("src/main/docker/Dockerfile.jvm"),
            Path.of("src/main/docker/Dockerfile.native"),
            Path.of("src/main/docker/Dockerfile.native-micro"));

    private static final Pattern ASSIGNMENT = Pattern.compile("\\b(GRAMME_[A-Z_]+)=(\\S+)");

    private Deployment() {}

    static Node yaml(Path file) throws IOException {
        return new Node(new Yaml().load(Files.readString(file)));
    }

    static Node manifest(String name) throws IOException {
        return yaml(KUBERNETES.resolve(name));
    }

    /** The environment of each node of the compose file, by service. */
    static Map<String, Map<String, String>> compose() throws IOException {
        Map<String, Map<String, String>> nodes = new LinkedHashMap<>();
        yaml(COMPOSE).at("services").fields().forEach((name, service) -> {
            Map<String, String> environment = new LinkedHashMap<>();
            service.at("environment").fields().forEach((variable, value) -> environment.put(variable, value.text()));
            nodes.put(name, environment);
        });
        return nodes;
    }

    /** The environment of each pod, as Kubernetes would expand it. */
    static Map<String, Map<String, String>> pods() throws IOException {
        Node set = manifest("statefulset.yaml");
        Map<String, Map<String, String>> pods = new LinkedHashMap<>();
        int replicas = Integer.parseInt(set.at("spec", "replicas").text());
        for (int i = 0; i < replicas; i++) {
            String name = set.at("metadata", "name").text() + "-" + i;
            Map<String, String> environment = new LinkedHashMap<>();
            for (Node variable : container(set).at("env").items()) {
                String value = variable.has("value") ? variable.at("value").text() : name;
                environment.put(variable.at("name").text(), value.replace("$(GRAMME_NODE_ID)", name));
            }
            pods.put(name, environment);
        }
        return pods;
    }

    static Node container(Node statefulSet) {
        return statefulSet.at("spec", "template", "spec", "containers").items().getFirst();
    }

    /** What the unit and its environment file set together. */
    static Map<String, String> unit() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : lines(ENVIRONMENT_FILE)) {
            environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        settings("Environment")
                .forEach(set -> environment.put(
                        set.substring(0, set.indexOf('=')),
                        set.substring(set.indexOf('=') + 1).replace("%d", "/run/credentials/gramme.service")));
        return environment;
    }

    /** Each value that the unit gives a setting. */
    static List<String> settings(String name) throws IOException {
        return lines(UNIT).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .toList();
    }

    /** The variables that an image sets. */
    static Map<String, String> image(Path dockerfile) throws IOException {
        Matcher matcher = ASSIGNMENT.matcher(String.join("\n", lines(dockerfile)));
        Map<String, String> environment = new LinkedHashMap<>();
        while (matcher.find()) {
            environment.put(matcher.group(1), matcher.group(2));
        }
        return environment;
    }

    /** Each argument line of an instruction of an image. */
    static List<String> instructions(Path dockerfile, String name) throws IOException {
        return lines(dockerfile).stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .toList();
    }

    static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    /** Member id to address, of id=host:port[/zone[/weight]] by comma. */
    static Map<String, String> members(String list) {
        Map<String, String> members = new LinkedHashMap<>();
        for (String member : list.split(",")) {
            Matcher matcher =
                    Pattern.compile("([^=]+)=([^:/]+:\\d+)(/[^/]+(/\\d+)?)?").matcher(member);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("not a member: " + member);
            }
            members.put(matcher.group(1), matcher.group(2));
        }
        return members;
    }

    /** A YAML value; asking for what is not there is an error that names it. */
    record Node(Object value) {

        Node at(String... path) {
            Object at = value;
            for (String step : path) {
                if (!(at instanceof Map<?, ?> map) || !map.containsKey(step)) {
                    throw new IllegalStateException("no '" + step + "' of " + String.join(".", path) + " in " + at);
                }
                at = map.get(step);
            }
            return new Node(at);
        }

        boolean has(String field) {
            return value instanceof Map<?, ?> map && map.containsKey(field);
        }

        String text() {
            return String.valueOf(value);
        }

        List<Node> items() {
            List<Node> items = new ArrayList<>();
            ((List<?>) value).forEach(item -> items.add(new Node(item)));
            return items;
        }

        List<String> texts() {
            return items().stream().map(Node::text).toList();
        }

        /** The item whose field has this value. */
        Node with(String field, String wanted) {
            return items().stream()
                    .filter(item -> item.at(field).text().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no item with " + field + " " + wanted));
        }

        Map<String, Node> fields() {
            return ((Map<?, ?>) value)
                    .entrySet().stream()
                            .collect(Collectors.toMap(
                                    entry -> (String) entry.getKey(),
                                    entry -> new Node(entry.getValue()),
                                    (a, b) -> a,
                                    LinkedHashMap::new));
        }
    }
}
