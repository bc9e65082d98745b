package dev.gramme.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A cluster of processes on ports the system chose. */
final class TestCluster implements AutoCloseable {
    private final List<TestNode> nodes = new ArrayList<>();

    /** Starts {@code size} nodes n1, n2, … with their data below {@code directory}, and waits until all are ready. */
    static TestCluster start(Path directory, int size, String... flags) {
        TestCluster cluster = new TestCluster(directory, size, flags);
        cluster.nodes.forEach(TestNode::start);
        cluster.awaitReady();
        return cluster;
    }

    private TestCluster(Path directory, int size, String... flags) {
        List<Integer> ports = freePorts(2 * size);
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < size; i++) {
            members.append(i == 0 ? "" : ",")
                    .append('n')
                    .append(i + 1)
                    .append("=127.0.0.1:")
                    .append(ports.get(i));
        }
        for (int i = 0; i < size; i++) {
            String id = "n" + (i + 1);
            List<String> all = new ArrayList<>(List.of("--bridge", "127.0.0.1:" + ports.get(i)));
            all.addAll(List.of("--data", directory.resolve(id).toString(), "--members", members.toString()));
            Collections.addAll(all, flags);
            nodes.add(new TestNode(id, ports.get(size + i), directory, all));
        }
    }

    /** Ports nobody held a moment ago. */
    static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
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

    TestNode node(int number) {
        return nodes.get(number - 1);
    }

    List<TestNode> nodes() {
        return nodes;
    }

    /** As {@code --url} takes them. */
    String urls() {
        return nodes.stream().map(TestNode::url).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        nodes.forEach(TestNode::close);
    }
}
