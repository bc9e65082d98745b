package dev.gramme.version;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of one key at one replica: a causal context and the siblings that nothing in it has replaced.
 *
 * <p>A join-semilattice under {@link #merge}: a dot in the context without its sibling is a version known to be replaced.
 *
 * @param context covers every sibling's dot
 * @param siblings in order of their dots, tombstones among them; unmodifiable
 */
public record VersionSet(CausalContext context, List<Version> siblings) {
    public static final VersionSet EMPTY = new VersionSet(CausalContext.EMPTY, List.of());

    public VersionSet {
        siblings = List.copyOf(siblings);
        for (int i = 0; i < siblings.size(); i++) {
            Dot dot = siblings.get(i).dot();
            if (!context.covers(dot)) {
                throw new IllegalArgumentException("the context " + context + " does not cover " + dot);
            }
            if (i > 0 && siblings.get(i - 1).dot().compareTo(dot) >= 0) {
                throw new IllegalArgumentException("siblings out of order at " + dot);
            }
        }
    }

    /** Whether nothing was ever known of the key. A deleted key is not empty: it holds a tombstone. */
    public boolean isEmpty() {
        return context.isEmpty();
    }

    /** The siblings that are values, not tombstones. */
    public List<Version> values() {
        return siblings.stream().filter(v -> !v.content().tombstone()).toList();
    }

    /** The highest hybrid logical time among the siblings, 0 if there are none. */
    public long latestTime() {
        return siblings.stream().mapToLong(Version::time).max().orElse(0);
    }

    /**
     * The join of two states: a sibling stays if the other side has it too, or has never seen it (Almeida et al. 2014,
     * "sync"). Commutative, associative, idempotent.
     */
    public VersionSet merge(VersionSet other) {
        if (other.isEmpty() || equals(other)) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        List<Version> merged = new ArrayList<>(siblings.size() + other.siblings.size());
        int i = 0;
        int j = 0;
        while (i < siblings.size() || j < other.siblings.size()) {
            int order = i == siblings.size()
                    ? 1
                    : j == other.siblings.size()
                            ? -1
                            : siblings.get(i)
                                    .dot()
                                    .compareTo(other.siblings.get(j).dot());
            if (order == 0) {
                merged.add(siblings.get(i));
            } else if (order < 0 && !other.context.covers(siblings.get(i).dot())) {
                merged.add(siblings.get(i));
            } else if (order > 0 && !context.covers(other.siblings.get(j).dot())) {
                merged.add(other.siblings.get(j));
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return new VersionSet(context.join(other.context), merged);
    }

    /**
     * A write: replaces exactly the siblings that {@code seen} covers (and those that are the same write as one of them or as
     * this, by idempotency key), and adds {@code version}. Source: Almeida et al. 2014, "update".
     *
     * @param seen the writer's context; what it covers and this state has never seen stays covered
     * @param version its dot is freshly minted: not covered by this state nor by {@code seen}
     */
    public VersionSet put(CausalContext seen, Version version) {
        if (context.covers(version.dot()) || seen.covers(version.dot())) {
            throw new IllegalStateException("dot minted twice: " + version.dot());
        }
        List<Version> kept = new ArrayList<>();
        for (Version sibling : siblings) {
            if (!seen.covers(sibling.dot()) && !isSameWriteAsOneSeen(sibling, seen)) {
                kept.add(sibling);
            }
        }
        kept.add(version);
        kept.sort((a, b) -> a.dot().compareTo(b.dot()));
        return new VersionSet(context.join(seen).with(version.dot()), kept);
    }

    /** A retry that landed on two coordinators made two dots of one write: who has seen one has seen the other. */
    private boolean isSameWriteAsOneSeen(Version sibling, CausalContext seen) {
        return !sibling.content().idempotencyKey().isEmpty()
                && siblings.stream().anyMatch(v -> seen.covers(v.dot()) && isSameWrite(v, sibling));
    }

    private static boolean isSameWrite(Version a, Version b) {
        Bytes key = a.content().idempotencyKey();
        return !key.isEmpty() && key.equals(b.content().idempotencyKey());
    }

    /**
     * Applies what the bucket says of siblings, and collapses equal idempotency keys to the one with the lowest dot. A dropped
     * version stays covered by the context, and what survives it is in this very state: so replicas that drop at different
     * times still converge under {@link #merge}.
     */
    public VersionSet resolve(ConflictPolicy policy) {
        if (siblings.size() < 2) {
            return this;
        }
        List<Version> kept = new ArrayList<>();
        for (Version sibling : siblings) {
            boolean beaten = switch (policy) {
                case SIBLINGS -> kept.stream().anyMatch(v -> isSameWrite(v, sibling));
                case LAST_WRITE_WINS -> siblings.stream().anyMatch(v -> v.isLaterThan(sibling));
            };
            if (!beaten) {
                kept.add(sibling);
            }
        }
        return kept.size() == siblings.size() ? this : new VersionSet(context, kept);
    }
}
