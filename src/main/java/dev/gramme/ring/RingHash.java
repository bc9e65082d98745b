package dev.gramme.ring;

import java.util.Collection;
import java.util.List;

/**
 * A fingerprint of a ring: 64 bits, the same on every node and in every run, for members to tell rings of one version apart. Good
 * against accidents, not against an adversary.
 */
final class RingHash {
    private long hash;

    private RingHash() {}

    static long of(Ring ring) {
        RingHash fold = new RingHash();
        fold.add(ring.version());
        fold.add(ring.replicas());
        fold.add(ring.members().size());
        for (RingMember member : ring.members().values()) {
            fold.add(member.id().name());
            fold.add(member.zone());
            fold.add(member.weight());
        }
        fold.add(ring.partitions());
        for (List<NodeId> owners : ring.owners()) {
            fold.add(owners.size());
            for (NodeId owner : owners) {
                fold.add(owner.name());
            }
        }
        return fold.hash;
    }

    /** Of a ring to come and of those who have no say in it any more. The ring's own hash if there are none. */
    static long of(Ring ring, Collection<NodeId> excluded) {
        if (excluded.isEmpty()) {
            return ring.hash();
        }
        RingHash fold = new RingHash();
        fold.add(ring.hash());
        for (NodeId node : excluded) {
            fold.add(node.name());
        }
        return fold.hash;
    }

    private void add(String text) {
        add(text.length());
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 0x100000001b3L ^ text.charAt(i);
        }
        add(0);
    }

    private void add(long value) {
        hash = mix(hash + value);
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014): each bit of the argument changes half the bits of the result. */
    static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
