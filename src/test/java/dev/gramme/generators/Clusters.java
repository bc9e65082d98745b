package dev.gramme.generators;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;
import java.util.Collection;
import java.util.Random;
import java.util.TreeMap;

/** Members of clusters, and what happens to them: join, leave, another weight, replacement. */
public final class Clusters {
    private final Random random;
    private final int zones;
    private final boolean weighted;
    private final TreeMap<NodeId, RingMember> members = new TreeMap<>();
    private int named;

    /**
     * @param zones how many there are to choose from, nodes fall into them at random
     * @param weighted weights from 50 to 400; else all the default
     */
    public Clusters(long seed, int nodes, int zones, boolean weighted) {
        this.random = new Random(seed);
        this.zones = zones;
        this.weighted = weighted;
        for (int i = 0; i < nodes; i++) {
            join();
        }
    }

    public Collection<RingMember> members() {
        return members.values();
    }

    /** Changes the members, and says how. */
    public String change() {
        int choice = members.size() == 1 ? 0 : random.nextInt(weighted ? 4 : 3);
        switch (choice) {
            case 0 -> {
                return join();
            }
            case 1 -> {
                return "leave " + leave().id();
            }
            case 2 -> {
                RingMember gone = leave();
                return "replace " + gone.id() + ": " + join(gone.zone(), gone.weight());
            }
            default -> {
                RingMember member = any();
                members.put(member.id(), new RingMember(member.id(), member.zone(), weight()));
                return "another weight of " + member.id();
            }
        }
    }

    private String join() {
        return join("zone-" + random.nextInt(zones), weighted ? weight() : RingMember.DEFAULT_WEIGHT);
    }

    private String join(String zone, int weight) {
        NodeId id = new NodeId("node-" + named++);
        members.put(id, new RingMember(id, zone, weight));
        return "join " + id + " in " + zone + " of weight " + weight;
    }

    private RingMember leave() {
        RingMember member = any();
        members.remove(member.id());
        return member;
    }

    private RingMember any() {
        return members.values().stream()
                .skip(random.nextInt(members.size()))
                .findFirst()
                .orElseThrow();
    }

    private int weight() {
        return 50 + random.nextInt(351);
    }
}
