package dev.gramme.it;

import java.util.List;

/**
 * Where a node runs, listens and is reached.
 *
 * @param enter what comes before its command: nothing on this machine's own network
 * @param http where its REST front listens, host:port
 * @param bridge where its bridge listens, and where its peers reach it, host:port
 * @param url of its REST front as the test reaches it
 */
record Place(List<String> enter, String http, String bridge, String url) {
    Place {
        enter = List.copyOf(enter);
    }

    /** Gives each node its place. */
    interface Chooser {
        Place placeOf(String id);
    }

    /** On ports the system chose. */
    static Place onLoopback() {
        List<Integer> ports = TestCluster.freePorts(2);
        return onLoopback(ports.get(0), "127.0.0.1:" + ports.get(1));
    }

    static Place onLoopback(int httpPort, String bridge) {
        String http = "127.0.0.1:" + httpPort;
        return new Place(List.of(), http, bridge, "http://" + http);
    }
}
