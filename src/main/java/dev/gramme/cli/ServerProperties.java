package dev.gramme.cli;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The system properties that a node is started with; {@link dev.gramme.runtime.NodeConfig} and Quarkus read them. */
final class ServerProperties {
    static final String NODE_ID = "gramme.node-id";

    private static final int MAX_PORT = 65_535;

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
