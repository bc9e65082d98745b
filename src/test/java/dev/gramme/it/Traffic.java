package dev.gramme.it;

import java.util.List;

/**
 * What a cluster's nodes have sent each other since they started, as their metrics say.
 *
 * @param bytes of messages, without the bridge's frames around them
 * @param received of them, by one node
 */
record Traffic(long nanos, long bytes, long messages, long received) {
    static Traffic of(List<TestNode> nodes, TestNode receiver) {
        long bytes = 0;
        long messages = 0;
        for (TestNode node : nodes) {
            String metrics = node.get("/q/metrics").body();
            bytes += value(metrics, "gramme_bridge_sent_bytes_total");
            messages += value(metrics, "gramme_bridge_sent_messages_total");
        }
        long received = value(receiver.get("/q/metrics").body(), "gramme_bridge_received_bytes_total");
        return new Traffic(System.nanoTime(), bytes, messages, received);
    }

    /** The sum of all samples of a metric; 0 if there is none. */
    static long value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    Traffic since(Traffic before) {
        return new Traffic(
                nanos - before.nanos, bytes - before.bytes, messages - before.messages, received - before.received);
    }

    /** What this would have been in the time of {@code other}. */
    Traffic scaledTo(Traffic other) {
        double factor = (double) other.nanos / nanos;
        return new Traffic(
                other.nanos, (long) (bytes * factor), (long) (messages * factor), (long) (received * factor));
    }
}
