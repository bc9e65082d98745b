package dev.gramme.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A cluster of processes, which may come and go. */
final class TestCluster implements AutoCloseable {
    private static final Set<Integer> GIVEN_PORTS = ConcurrentHashMap.newKeySet();

    /** Those that clients know, in order of their coming. */
    private final List<TestNode> nodes = new CopyOnWriteArrayList<>();

    /** Every process there ever was. */
    private final List<TestNode> started = new CopyOnWriteArrayList<>();

    private final Path directory;
    private final List<String> flags;
    private final Place.Chooser places;
    private final Program.Build build;

    /** Starts {@code size} nodes n1, n2, … with their data below {@code directory}, and waits until all are ready. */
    static TestCluster start(Path directory, int size, String... flags) {
        return start(directory, id -> Place.onLoopback(), size, flags);
    }

    static TestCluster start(Path directory, Place.Chooser places, int size, String... flags) {
        return start(Program.own(), directory, places, size, flags);
    }

    /** Of the program as some build made it. */
    static TestCluster start(Program.Build build, Path directory, Place.Chooser places, int size, String... flags) {
        TestCluster cluster = new TestCluster(build, directory, places, flags);
        try {
            cluster.found(size);
            cluster.awaitReady();
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private TestCluster(Program.Build build, Path directory, Place.Chooser places, String... flags) {
        this.build = build;
        this.directory = directory;
        this.places = places;
        this.flags = List.of(flags);
    }

    private void found(int size) {
        List<String> ids = new ArrayList<>();
        List<Place> chosen = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            ids.add("n" + i);
            chosen.add(places.placeOf("n" + i));
        }
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < size; i++) {
            members.append(i == 0 ? "" : ",")
                    .append(ids.get(i))
                    .append('=')
                    .append(chosen.get(i).bridge());
        }
        for (int i = 0; i < size; i++) {
            nodes.add(begin(ids.get(i), chosen.get(i), "--members", members.toString()));
        }
    }

    /** A node that knows the others by {@code --seeds} alone. It is up, and not in the ring yet. */
    TestNode add(String id, String... more) {
        List<String> own = new ArrayList<>(List.of("--seeds", seeds()));
        Collections.addAll(own, more);
        TestNode node = begin(id, places.placeOf(id), own.toArray(String[]::new));
        node.awaitAnswer("/q/health/live", 200);
        nodes.add(node);
        return node;
    }

    private TestNode begin(String id, Place place, String... own) {
        List<String> all = new ArrayList<>(List.of(own));
        all.addAll(flags);
        TestNode node = new TestNode(build, id, place, directory.resolve(id), directory.resolve(id + ".log"), all);
        started.add(node);
        return node.start();
    }

    /** Clients forget it; its process goes on until it is stopped. */
    void forget(TestNode node) {
        nodes.remove(node);
    }

    /** Clients know it again. */
    void remember(TestNode node) {
        nodes.add(node);
    }

    /** The bridges of those that run, as {@code --seeds} takes them. */
    String seeds() {
        return nodes.stream().filter(TestNode::runs).map(TestNode::bridge).collect(Collectors.joining(","));
    }

    /** Ports nobody held a moment ago, and nobody here was given before: who was may not have begun to listen yet. */
    static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            while (ports.size() < count) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                if (GIVEN_PORTS.add(socket.getLocalPort())) {
                    ports.add(socket.getLocalPort());
                }
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            sockets.forEach(TestCluster::close);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        nodes.forEach(TestNode::awaitReady);
    }

    /** The one that came as the {@code number}th of those that clients know. */
    TestNode node(int number) {
        return nodes.get(number - 1);
    }

    TestNode node(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
    }

    /** Those that clients know: a live list. */
    List<TestNode> nodes() {
        return nodes;
    }

    /** As {@code --url} takes them. */
    String urls() {
        return nodes.stream().map(TestNode::url).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        started.forEach(TestNode::close);
    }
}
