package dev.gramme.ring;

/**
 * What the claim knows of a node.
 *
 * @param zone failure domain: a rack, an availability zone
 * @param weight capacity relative to the other members, 1 to 1000
 */
public record RingMember(NodeId id, String zone, int weight) {
    public static final int DEFAULT_WEIGHT = 100;
    public static final int MAX_WEIGHT = 1000;

    public RingMember {
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight of " + id + " must be 1 to " + MAX_WEIGHT + ", not " + weight);
        }
    }
}
