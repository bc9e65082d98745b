package dev.gramme.node;

import dev.gramme.membership.Discovery;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.version.Now;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * {@link ClusterCommand.Join}: this node looks for a cluster by the seeds it was given. It gives up the ring of one that it may have only when a member of
 * a cluster with a ring has answered, so a join that fails changes nothing.
 */
final class Joining {
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    /** A seed that is ourselves answers at once; another one may take a moment. */
    private static final long OTHERS_NANOS = 1_000_000_000L;

    private final NodeId self;
    private final RingKeeper ring;
    private final List<Effect> answers = new ArrayList<>();
    private boolean underWay;
    private boolean sought;
    private long request;
    private List<String> seeds = List.of();
    private long sinceNanos;
    private String heard = "";

    Joining(NodeId self, RingKeeper ring) {
        this.self = self;
        this.ring = ring;
    }

    boolean isUnderWay() {
        return underWay;
    }

    void begin(long asked, ClusterCommand.Join join, long storedBytes, Discovery discovery, Now now) {
        String objection = objection(join, storedBytes);
        if (!objection.isEmpty()) {
            answers.add(new Effect.Administered(asked, ClusterAnswer.refused(objection)));
            return;
        }
        underWay = true;
        sought = true;
        request = asked;
        seeds = join.seeds();
        sinceNanos = now.nanos();
        heard = "";
        discovery.seeds(seeds, now.nanos());
        discovery.seek(true, now.nanos());
    }

    private String objection(ClusterCommand.Join join, long storedBytes) {
        if (underWay) {
            return "this node is already about to join by the seeds " + seeds + ": wait for that";
        }
        if (join.seeds().isEmpty()) {
            return "no seed was named: name the bridge address (host:port) of at least one member";
        }
        for (String seed : join.seeds()) {
            if (!Discovery.isAddress(seed)) {
                return "'" + seed + "' is no address of a bridge: write host:port";
            }
        }
        Topology topology = ring.topology();
        SortedSet<NodeId> others = new TreeSet<>(topology.members());
        others.remove(self);
        if (!others.isEmpty()) {
            return "this node is in a ring with " + others + " already: let it leave that cluster first";
        }
        if (storedBytes > 0) {
            return "this node stores about " + storedBytes
                    + " bytes of its own, which would be lost: join with an empty data directory, and import them afterwards";
        }
        return "";
    }

    /**
     * A member of the cluster has said what it knows.
     *
     * @param hasRing whether that includes a ring
     */
    void answered(boolean hasRing) {
        if (underWay && hasRing) {
            if (ring.topology().settled().version() > 0) {
                ring.giveUpRing();
            }
            end(ClusterAnswer.DONE);
        }
    }

    void refused(NodeId by, String reason) {
        if (underWay) {
            heard = by + " refuses this node: " + reason;
        }
    }

    void tick(Discovery discovery, Now now) {
        if (sought && !underWay) {
            sought = false;
            discovery.seek(false, now.nanos());
        }
        long waited = now.nanos() - sinceNanos;
        if (!underWay || waited < OTHERS_NANOS) {
            return;
        }
        if (!heard.isEmpty()) {
            end(ClusterAnswer.refused(heard));
        } else if (discovery.hasFoundOurselves()) {
            end(ClusterAnswer.refused(
                    "the seeds " + seeds + " lead to this node itself: name a member of the cluster to join"));
        } else if (waited >= PATIENCE_NANOS) {
            end(
                    ClusterAnswer.refused(
                            "none of the seeds " + seeds
                                    + " has answered with a ring: are these the bridge addresses of running members, and reachable from here?"));
        }
    }

    private void end(ClusterAnswer answer) {
        underWay = false;
        answers.add(new Effect.Administered(request, answer));
    }

    /** What is to be answered, since the last call. */
    List<Effect> effects() {
        List<Effect> taken = List.copyOf(answers);
        answers.clear();
        return taken;
    }
}
