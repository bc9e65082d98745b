package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The cluster that a backup is restored into. Safe to use from many threads. */
final class RestoreTarget {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 2_000;
    private static final long LOOK_EVERY_MILLIS = 200;

    private final Endpoint nodes;
    private final JsonNode overview;
    private final List<Endpoint> each = new ArrayList<>();
    private final AtomicLong turn = new AtomicLong();

    private RestoreTarget(Endpoint nodes, JsonNode overview) {
        this.nodes = nodes;
        this.overview = overview;
        for (String url : nodes.urls) {
            Endpoint node = new Endpoint();
            node.urls = List.of(url);
            each.add(node);
        }
    }

    /** All members of the ring that {@code asked} knows take their turns. */
    static RestoreTarget of(Endpoint asked) {
        String scheme = asked.targets().getFirst().getScheme() + "://";
        List<String> urls = new ArrayList<>();
        for (JsonNode member : asked.json("/v1/cluster/members").path("members")) {
            if (member.path("inRing").asBoolean()
                    && member.path("liveness").asText().equals("up")) {
                urls.add(scheme + member.path("http").asText());
            }
        }
        if (urls.isEmpty()) {
            throw new Endpoint.UnreachableException("no member of a ring is up. See gramme cluster status", false);
        }
        Endpoint nodes = new Endpoint();
        nodes.urls = urls;
        return new RestoreTarget(nodes, nodes.json("/v1/backup"));
    }

    String cluster() {
        return overview.path("cluster").asText();
    }

    /** Whether a backup is of this cluster, as far as names say. */
    boolean isSourceOf(Manifest manifest) {
        return manifest.cluster().equals(cluster())
                && manifest.partitions() == overview.path("partitions").asInt();
    }

    /** Nothing of the partition that is older is taken here: all members have promised that before any of its deletes was forgotten. 0: nothing was. */
    long takesFrom(int partition) {
        return overview.path("stamps").path(Integer.toString(partition)).asLong();
    }

    /** Buckets that have no properties here get those that they had. R and W are at most N. */
    void setBuckets(JsonNode buckets) {
        Set<String> known = new HashSet<>();
        overview.path("buckets")
                .forEach(bucket -> known.add(bucket.path("bucket").asText()));
        int replicas = overview.path("replicas").asInt();
        for (JsonNode bucket : buckets) {
            String name = bucket.path("bucket").asText();
            if (!known.contains(name)) {
                ObjectNode properties = Manifest.object()
                        .put("conflictPolicy", bucket.path("conflictPolicy").asText())
                        .put("r", Math.min(replicas, bucket.path("r").asInt()))
                        .put("w", Math.min(replicas, bucket.path("w").asInt()))
                        .put("ttlSeconds", bucket.path("ttlSeconds").asInt());
                HttpResponse<byte[]> answer = nodes.send(
                        "/v1/buckets/" + KeyArguments.encode(name),
                        RequestFlags.DEFAULT_PATIENCE,
                        r -> r.header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString(properties.toString())));
                if (answer.statusCode() != 200) {
                    throw new Endpoint.UnreachableException(
                            "the properties of bucket " + name + " can't be set: " + Problems.describe(answer), false);
                }
            }
        }
    }

    /**
     * Sends a page until a node has it on its disk.
     *
     * @param stamp what is on it is no older; {@code any}: it is taken however old it is
     * @return empty, or why it can't be
     */
    String send(byte[] page, String stamp, Duration giveUp) throws InterruptedException {
        long endNanos = System.nanoTime() + giveUp.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            String wrong;
            try {
                HttpResponse<byte[]> answer = nodes.send(
                                "/v1/restore?stamp=" + stamp,
                                turn.getAndIncrement(),
                                PATIENCE,
                                r -> r.header("Content-Type", "application/octet-stream")
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(page)))
                        .response();
                if (answer.statusCode() == 200) {
                    return "";
                }
                wrong = Problems.describe(answer);
                if (answer.statusCode() < 500) {
                    return wrong;
                }
            } catch (Endpoint.UnreachableException e) {
                wrong = String.valueOf(e.getMessage());
            }
            if (System.nanoTime() - endNanos > 0) {
                return wrong;
            }
            Thread.sleep(pause);
            pause = Math.min(MAX_PAUSE_MILLIS, 2 * pause);
        }
    }

    /**
     * Waits until no node keeps hints for others: then all that was restored is at all its owners.
     *
     * @return null, or who has not got all yet
     */
    @Nullable
    String awaitHints(Duration giveUp, ProgressLine line) throws InterruptedException {
        long least = Long.MAX_VALUE;
        long sinceNanos = System.nanoTime();
        while (true) {
            long waiting = hints();
            if (waiting == 0) {
                return null;
            }
            if (waiting < least) {
                least = waiting;
                sinceNanos = System.nanoTime();
            }
            if (System.nanoTime() - sinceNanos > giveUp.toNanos()) {
                return waiting
                        + " hints wait for nodes that do not take them now: all is kept, and reaches them when they are back";
            }
            line.show("all is kept; " + waiting + " hints wait to be delivered");
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    /** At all nodes, for whomever. */
    private long hints() {
        long waiting = 0;
        for (Endpoint node : each) {
            waiting += node.json("/v1/backup").path("hints").asLong();
        }
        return waiting;
    }
}
