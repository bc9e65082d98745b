package dev.gramme.transport;

/**
 * Where a node's bridge listens. Ordered by host, then port.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to 65535; 0, to listen only, lets the system choose
 */
public record HostAndPort(String host, int port) implements Comparable<HostAndPort> {
    public HostAndPort {
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "not an address: host '" + host + "', port " + port + ". Use host:port, port 0 to 65535");
        }
    }

    /**
     * Reads {@code host:port} or {@code [ipv6]:port}.
     *
     * @throws IllegalArgumentException naming the text, if it is neither
     */
    public static HostAndPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "not an address: '" + text + "'. An IPv6 address goes in brackets: [::1]:7101");
        }
        try {
            return new HostAndPort(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an address: '" + text + "'. Use host:port, port 0 to 65535", e);
        }
    }

    @Override
    public int compareTo(HostAndPort other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
