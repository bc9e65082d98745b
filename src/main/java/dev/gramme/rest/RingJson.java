package dev.gramme.rest;

import dev.gramme.node.RingPlan;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.wire.StagedChange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Rings, changes and plans as JSON. */
final class RingJson {
    private RingJson() {}

    /** Who owns what; while the ring changes, {@code next} too. */
    static JsonObject of(Topology topology) {
        JsonObject json = ring(topology.settled());
        Ring target = topology.target();
        return target == null ? json : json.put("next", ring(target));
    }

    private static JsonObject ring(Ring ring) {
        JsonArray partitions = new JsonArray();
        for (List<NodeId> owners : ring.owners()) {
            partitions.add(names(owners));
        }
        return head(ring).put("owners", partitions);
    }

    /** All but the owners. */
    static JsonObject head(Ring ring) {
        return new JsonObject()
                .put("version", ring.version())
                .put("hash", hash(ring.hash()))
                .put("replicas", ring.replicas())
                .put("partitions", ring.partitions())
                .put("members", names(ring.members().keySet()));
    }

    static String hash(long hash) {
        return HexFormat.of().toHexDigits(hash);
    }

    static JsonArray names(Collection<NodeId> nodes) {
        JsonArray names = new JsonArray();
        nodes.forEach(node -> names.add(node.name()));
        return names;
    }

    /** As people and logs name a change: {@code 7@n1}. */
    static String name(Proposal.Id id) {
        return id.number() + "@" + id.proposer();
    }

    static JsonArray staged(List<StagedChange> changes) {
        JsonArray staged = new JsonArray();
        for (StagedChange change : changes) {
            JsonObject json = new JsonObject()
                    .put("node", change.node().name())
                    .put("change", change.kind().name().toLowerCase(Locale.ROOT));
            if (change.kind() == StagedChange.Kind.WEIGHT) {
                json.put("weight", change.weight());
            }
            if (change.successor() != null) {
                json.put("successor", change.successor().name());
            }
            staged.add(json);
        }
        return staged;
    }

    static JsonObject of(RingPlan plan) {
        JsonArray shares = new JsonArray();
        for (RingPlan.Share share : plan.shares()) {
            shares.add(new JsonObject()
                    .put("id", share.id().name())
                    .put("zone", share.zone())
                    .put("weight", share.weight())
                    .put("before", share.before())
                    .put("after", share.after())
                    .put("gains", share.gains())
                    .put("bytesToReceive", share.bytesToReceive()));
        }
        return new JsonObject()
                .put("plan", plan.id())
                .put("from", head(plan.before()))
                .put("to", head(plan.after()))
                .put("changes", staged(plan.changes()))
                .put("excluded", names(plan.excluded()))
                .put("shares", shares)
                .put("moves", plan.moves())
                .put("leastMoves", plan.leastMoves())
                .put("bytesToMove", plan.bytesToMove())
                .put("warnings", new JsonArray(plan.warnings()));
    }
}
