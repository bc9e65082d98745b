package dev.gramme.rest;

import dev.gramme.node.ClusterSnapshot;
import dev.gramme.node.ClusterSnapshot.MemberState;
import dev.gramme.node.RingStatus;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.runtime.LocalNode;
import dev.gramme.wire.RingProgress;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.SortedMap;

/** What a node knows of its cluster, as JSON. */
final class ClusterJson {
    private static final int PARTITIONS_FOR_A_GUESS = 8;

    private final LocalNode node;
    private final ClusterSnapshot cluster;
    private final Topology topology;

    ClusterJson(LocalNode node) {
        this.node = node;
        this.cluster = node.cluster();
        this.topology = node.view().topology();
    }

    JsonObject members() {
        SortedMap<NodeId, Long> hints = node.hints();
        JsonArray members = new JsonArray();
        for (MemberState member : cluster.members()) {
            members.add(member(member).put("hints", hints.getOrDefault(member.id(), 0L)));
        }
        return head().put("members", members);
    }

    JsonObject status() {
        RingStatus ring = cluster.ring();
        return head().put("standing", Standing.of(node.id(), cluster, topology))
                .put("ring", RingJson.head(topology.settled()))
                .put("change", ring.change() == null ? null : change(ring))
                .put("waitingFor", new JsonArray(ring.waitingFor()))
                .put("staged", RingJson.staged(ring.staged()))
                .put("partitionsLacking", node.partitionsLacking())
                .put("collection", CollectionJson.sum(node.collections()))
                .put("problems", new JsonArray(node.problems()))
                .put("members", members().getJsonArray("members"));
    }

    private JsonObject head() {
        return new JsonObject()
                .put("cluster", node.clusterName())
                .put("seenBy", node.id().name());
    }

    private JsonObject member(MemberState member) {
        return new JsonObject()
                .put("id", member.id().name())
                .put("zone", member.zone())
                .put("weight", member.weight())
                .put("bridge", member.bridge())
                .put("http", member.http())
                .put("liveness", member.liveness().name().toLowerCase(Locale.ROOT))
                .put(
                        "standing",
                        member.standing().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("writable", member.writable())
                .put("lastHeardMillis", member.lastHeardMillis())
                .put("inRing", topology.members().contains(member.id()))
                .put("partitions", member.partitions())
                .put("partitionsAfter", member.after())
                .put("storedBytes", member.storedBytes())
                .put("ringVersion", member.progress().settled())
                .put("program", member.program())
                .put("problem", member.problem());
    }

    private JsonObject change(RingStatus ring) {
        JsonArray members = new JsonArray();
        long perPartition = bytesPerPartition();
        for (MemberState member : cluster.members()) {
            RingProgress progress = ring.progress().getOrDefault(member.id(), RingProgress.NONE);
            if (topology.needed().contains(member.id())) {
                members.add(progress(member, progress, ring, perPartition));
            }
        }
        JsonObject json = new JsonObject().put("members", members);
        if (ring.change() != null) {
            json.put("id", RingJson.name(ring.change()));
        }
        return topology.target() == null ? json : json.put("to", RingJson.head(topology.target()));
    }

    private static JsonObject progress(MemberState member, RingProgress progress, RingStatus ring, long perPartition) {
        boolean goesBy = ring.change() != null && ring.change().equals(progress.proposal());
        int gained = goesBy ? progress.gained() : Math.max(0, member.after() - member.partitions());
        int received = goesBy ? progress.received() : 0;
        long bytes = goesBy ? progress.receivedBytes() : 0;
        long expected =
                received == gained ? bytes : Math.max(bytes, gained * perPartition(bytes, received, perPartition));
        JsonObject json = new JsonObject()
                .put("id", member.id().name())
                .put(
                        "phase",
                        goesBy && progress.phase() != null
                                ? progress.phase().name().toLowerCase(Locale.ROOT)
                                : "none")
                .put("gains", gained)
                .put("received", received)
                .put("receivedBytes", bytes)
                .put("expectedBytes", expected)
                .put("bytesPerSecond", goesBy ? progress.bytesPerSecond() : 0);
        if (received < gained && goesBy && progress.bytesPerSecond() > 0) {
            json.put("secondsLeft", Math.ceilDiv(expected - bytes, progress.bytesPerSecond()));
        }
        return json;
    }

    /** What came so far is the better guess, once it is of some partitions: what stores say of themselves may be some times more. */
    private static long perPartition(long bytes, int received, long stored) {
        return received < PARTITIONS_FOR_A_GUESS ? stored : bytes / received;
    }

    /** About how many bytes of states one owner holds of one partition, by what the members of the settled ring say that they hold. */
    private long bytesPerPartition() {
        long bytes = 0;
        long held = 0;
        for (MemberState member : cluster.members()) {
            if (member.partitions() > 0 && member.storedBytes() > 0) {
                bytes += member.storedBytes();
                held += member.partitions();
            }
        }
        return held == 0 ? 0 : bytes / held;
    }
}
