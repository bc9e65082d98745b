package dev.gramme.cli;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The system properties that a node is started with; {@link dev.gramme.runtime.NodeConfig} and Quarkus read them. */
final class ServerProperties {
    static final String NODE_ID = "gramme.node-id";

    private static final int MAX_PORT = 65_535;
    /** Long enough for load balancers and clients to see that it goes. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final SortedMap<String, String> properties = new TreeMap<>();

    /** Sets it, unless there is nothing to set: then the default holds. */
    ServerProperties with(String property, @Nullable Object value) {
        if (value != null && !value.toString().isBlank()) {
            properties.put(property, value.toString().strip());
        }
        return this;
    }

    /**
     * Where the REST front listens.
     *
     * @param address host:port, with brackets around an IPv6 host
     * @throws IllegalArgumentException if it is none, saying what one looks like
     */
    ServerProperties withFront(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? "" : address.substring(0, colon).strip();
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            host = "";
        }
        int port = port(address.substring(colon + 1).strip());
        if (host.isEmpty() || port < 0) {
            throw new IllegalArgumentException("--http: not an address: '" + address
                    + "'. Write host:port, with a port of 0 to " + MAX_PORT + ", and an IPv6 host in [brackets]");
        }
        return with("quarkus.http.host", host).with("quarkus.http.port", port);
    }

    /**
     * How a node stops: for a moment it still takes what comes, and closes each connection with its answer; then it waits for what is under way.
     *
     * @param millis for all of it
     */
    ServerProperties withDrain(int millis) {
        Duration all = Duration.ofMillis(Math.max(0, millis));
        Duration farewell = all.dividedBy(4).compareTo(FAREWELL) < 0 ? all.dividedBy(4) : FAREWELL;
        return with("gramme.drain-timeout", millis)
                .with("quarkus.shutdown.delay", farewell)
                .with("quarkus.shutdown.timeout", all.minus(farewell));
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MAX_PORT) {
            return -1;
        }
        return Integer.parseInt(text);
    }

    SortedMap<String, String> asMap() {
        return Collections.unmodifiableSortedMap(properties);
    }

    void set() {
        properties.forEach(System::setProperty);
    }
}
