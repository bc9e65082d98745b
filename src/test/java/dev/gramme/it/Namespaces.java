package dev.gramme.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * A network of hosts on this machine, each in a network namespace of its own: two switches (bridges), left and right, and a link between them that can be
 * cut. What is cut is silent, as in a real network: no connection is refused or reset by it. Linux with iproute2, and root, only.
 */
final class Namespaces implements AutoCloseable, Place.Chooser {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final int BRIDGE_PORT = 7_800;
    private static final int HTTP_PORT = 8_080;

    private final Path directory;
    private final int onTheLeft;
    private final String switches;
    private final List<String> namespaces = new ArrayList<>();
    private final List<AutoCloseable> relays = new ArrayList<>();
    private final Thread lastResort = new Thread(this::deleteAll);
    private int hosts;

    /**
     * A machine or a user that can't make any skips the test that asked.
     *
     * @param directory for sockets: its path has to be short
     * @param onTheLeft so many of the hosts, the first ones, are on the left
     */
    static Namespaces make(Path directory, int onTheLeft) throws IOException, InterruptedException {
        Namespaces made = new Namespaces(directory, onTheLeft);
        Assumptions.assumeTrue(
                made.permitted(),
                "needs network namespaces: Linux, root, and ip (apt-get install iproute2) with leave to use them");
        try {
            made.connectSwitches();
            return made;
        } catch (Throwable e) {
            made.close();
            throw e;
        }
    }

    private Namespaces(Path directory, int onTheLeft) {
        this.directory = directory;
        this.onTheLeft = onTheLeft;
        this.switches = "gramme-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    private boolean permitted() throws InterruptedException {
        try {
            add(switches);
            ip("-n", switches, "link", "add", "left", "type", "bridge");
            return true;
        } catch (IOException | UncheckedIOException e) {
            System.out.println(e.getMessage());
            close();
            return false;
        }
    }

    private void add(String namespace) throws IOException, InterruptedException {
        ip("netns", "add", namespace);
        namespaces.add(namespace);
        ip("-n", namespace, "link", "set", "lo", "up");
    }

    private void connectSwitches() throws IOException, InterruptedException {
        ip("-n", switches, "link", "add", "right", "type", "bridge");
        ip("-n", switches, "link", "add", "l2r", "type", "veth", "peer", "name", "r2l");
        ip("-n", switches, "link", "set", "l2r", "master", "left");
        ip("-n", switches, "link", "set", "r2l", "master", "right");
        for (String device : List.of("left", "right", "l2r", "r2l")) {
            ip("-n", switches, "link", "set", device, "up");
        }
    }

    @Override
    public Place placeOf(String id) {
        try {
            return host(++hosts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Place host(int number) throws IOException, InterruptedException {
        String namespace = switches + "-h" + number;
        String address = "10.77.0." + number;
        String port = "p" + number;
        add(namespace);
        ip("-n", switches, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        ip("-n", switches, "link", "set", port, "master", number <= onTheLeft ? "left" : "right", "up");
        ip("-n", namespace, "addr", "add", address + "/24", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
        List<String> enter = List.of("ip", "netns", "exec", namespace);
        String url = "http://127.0.0.1:" + relay(enter, directory.resolve("h" + number));
        return new Place(enter, "127.0.0.1:" + HTTP_PORT, address + ":" + BRIDGE_PORT, url);
    }

    private int relay(List<String> enter, Path socket) throws IOException {
        List<String> command = new ArrayList<>(enter);
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m"));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "target/test-classes"));
        command.addAll(List.of(Relay.class.getName(), socket.toString(), Integer.toString(HTTP_PORT)));
        Process inside = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        relays.add(inside::destroyForcibly);
        if (inside.getInputStream().read() < 0) {
            throw new IOException("no relay in " + enter);
        }
        Relay outside = Relay.outside(socket);
        relays.add(outside);
        return outside.port();
    }

    /** From now on nothing passes between left and right. */
    void cut() throws IOException, InterruptedException {
        ip("-n", switches, "link", "set", "l2r", "down");
    }

    void heal() throws IOException, InterruptedException {
        ip("-n", switches, "link", "set", "l2r", "up");
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (AutoCloseable relay : relays) {
            try {
                relay.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        deleteAll();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }

    /** The processes in them have ended by now, or end with the last connection. */
    private void deleteAll() {
        for (String namespace : namespaces.reversed()) {
            try {
                ip("netns", "del", namespace);
            } catch (IOException e) {
                System.err.println(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        namespaces.clear();
    }
}
