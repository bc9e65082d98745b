package dev.gramme.version;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/**
 * The state of one key at one replica: a causal context, the siblings that nothing in it has replaced, and the writes lately known to be replaced.
 *
 * <p>A join-semilattice under {@link #merge}: a dot in the context without its sibling is a version known to be replaced.
 *
 * @param context covers every sibling's dot
 * @param siblings in order of their dots, tombstones among them; unmodifiable
 * @param replaced versions that a writer had seen and replaced, by idempotency key: a retry may have made others of the same write
 */
public record VersionSet(CausalContext context, List<Version> siblings, ReplacedWrites replaced) {
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

    public VersionSet(CausalContext context, List<Version> siblings) {
        this(context, siblings, ReplacedWrites.NONE);
    }

    /** Whether nothing was ever known of the key. A deleted key is not empty: it holds a tombstone. */
    public boolean isEmpty() {
        return context.isEmpty();
    }

    /** The siblings that are values, not tombstones. */
    public List<Version> values() {
        List<Version> values = new ArrayList<>(siblings.size());
        for (Version sibling : siblings) {
            if (!sibling.content().tombstone()) {
                values.add(sibling);
            }
        }
        return values.size() == siblings.size() ? siblings : Collections.unmodifiableList(values);
    }

    /** The highest hybrid logical time among the siblings, 0 if there are none. */
    public long latestTime() {
        long latest = 0;
        for (Version sibling : siblings) {
            latest = Math.max(latest, sibling.time());
        }
        return latest;
    }

    /**
     * The join of two states: a sibling stays if the other side has it too, or has never seen it (Almeida et al. 2014,
     * "sync"). Commutative, associative, idempotent. Gives one of the two if it is the join already, without copying.
     *
     * <p>Where one dot names two versions, one of them was altered, and nobody can say which: the same is taken everywhere ({@link Version#orOther}).
     */
    public VersionSet merge(VersionSet other) {
        if (other == this || other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        List<Version> merged = mergedSiblings(other);
        CausalContext joined = context.join(other.context);
        ReplacedWrites union = replaced.union(other.replaced);
        if (joined.equals(context) && union.equals(replaced) && merged.equals(siblings)) {
            return this;
        }
        if (joined.equals(other.context) && union.equals(other.replaced) && merged.equals(other.siblings)) {
            return other;
        }
        return new VersionSet(joined, merged, union);
    }

    /**
     * The join, by one who takes note: a sibling of the one side that the other has seen and no longer has was replaced there, though whoever
     * replaced it may not have held it and so not known its idempotency key. Only {@code replaced} is more than in {@link #merge}, so replicas
     * still converge.
     */
    public VersionSet absorb(VersionSet other) {
        VersionSet merged = merge(other);
        return merged.noting(this).noting(other);
    }

    private VersionSet noting(VersionSet before) {
        if (before == this) {
            return this;
        }
        ReplacedWrites more = replaced;
        for (Version sibling : before.siblings) {
            Bytes key = sibling.content().idempotencyKey();
            if (!key.isEmpty() && isGone(sibling) && more.find(key) == null) {
                more = more.with(new ReplacedWrite(ReplacedWrite.hash(key), latestTime(), sibling.dot()));
            }
        }
        return more.equals(replaced) ? this : new VersionSet(context, siblings, more);
    }

    private boolean isGone(Version version) {
        for (Version kept : siblings) {
            if (kept.dot().equals(version.dot())) {
                return false;
            }
        }
        return true;
    }

    private List<Version> mergedSiblings(VersionSet other) {
        List<Version> merged = new ArrayList<>(siblings.size() + other.siblings.size());
        int i = 0;
        int j = 0;
        while (i < siblings.size() || j < other.siblings.size()) {
            int order = orderAt(i, other, j);
            if (order == 0) {
                merged.add(siblings.get(i).orOther(other.siblings.get(j)));
            } else if (order < 0 && !other.context.covers(siblings.get(i).dot())) {
                merged.add(siblings.get(i));
            } else if (order > 0 && !context.covers(other.siblings.get(j).dot())) {
                merged.add(other.siblings.get(j));
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return merged;
    }

    private int orderAt(int i, VersionSet other, int j) {
        if (i == siblings.size()) {
            return 1;
        }
        return j == other.siblings.size()
                ? -1
                : siblings.get(i).dot().compareTo(other.siblings.get(j).dot());
    }

    /** Whether a dot names one version here and another there: that never comes about by itself, so one of the two was altered. */
    public boolean contradicts(VersionSet other) {
        for (int i = 0, j = 0; i < siblings.size() && j < other.siblings.size(); ) {
            int order = orderAt(i, other, j);
            if (order == 0 && !siblings.get(i).equals(other.siblings.get(j))) {
                return true;
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return false;
    }

    /**
     * A write: replaces exactly the siblings that {@code seen} covers (and those that are the same write as one of them, by
     * idempotency key), and adds {@code version}. Source: Almeida et al. 2014, "update".
     *
     * <p>A version must be later than those it replaces, or replicas that drop by {@link #settle} could drop each other's last one
     * (x beats u, y replaces x, u beats y: merged, none is left). A time that is not, from a clock that is behind, is raised.
     *
     * @param seen the writer's context; what it covers and this state has never seen stays covered
     * @param version its dot is freshly minted: not covered by this state nor by {@code seen}; its time above that of all versions
     *     the writer has seen ({@link HybridLogicalClock#tickAfter})
     */
    public VersionSet put(CausalContext seen, Version version) {
        if (context.covers(version.dot()) || seen.covers(version.dot())) {
            throw new IllegalStateException("dot minted twice: " + version.dot());
        }
        List<Version> kept = new ArrayList<>(siblings.size() + 1);
        int place = 0;
        long replacedTime = 0;
        List<Version> dropped = new ArrayList<>(siblings.size());
        for (Version sibling : siblings) {
            if (!seen.covers(sibling.dot()) && !isSameWriteAsOneSeen(sibling, seen)) {
                kept.add(sibling);
                place += sibling.dot().compareTo(version.dot()) < 0 ? 1 : 0;
            } else {
                dropped.add(sibling);
                replacedTime = Math.max(replacedTime, sibling.time());
            }
        }
        Version added = version.time() > replacedTime ? version : version.at(replacedTime + 1);
        kept.add(place, added);
        return new VersionSet(context.join(seen).with(version.dot()), kept, replacedBy(added, dropped));
    }

    private ReplacedWrites replacedBy(Version version, List<Version> dropped) {
        ReplacedWrites more = replaced;
        for (Version gone : dropped) {
            Bytes key = gone.content().idempotencyKey();
            if (!key.isEmpty() && !isSameWrite(gone, version)) {
                more = more.with(new ReplacedWrite(ReplacedWrite.hash(key), version.time(), gone.dot()));
            }
        }
        return more;
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
     * The siblings with these dots, as if the others had never been told here: the context stays below their dots. So of each dot that it still covers it says what this state
     * says, and of no sibling that is left out that it was replaced. One that comes behind such a sibling of its own actor is left out too: no context can tell them apart.
     *
     * @return {@link #EMPTY} if none are left
     */
    public VersionSet only(Predicate<Dot> dots) {
        List<Version> kept = new ArrayList<>(siblings.size());
        CausalContext seen = context;
        for (Version sibling : siblings) {
            if (dots.test(sibling.dot())) {
                kept.add(sibling);
            } else {
                seen = seen.before(sibling.dot());
            }
        }
        CausalContext covered = seen;
        kept.removeIf(sibling -> !covered.covers(sibling.dot()));
        return kept.isEmpty() ? EMPTY : new VersionSet(seen, kept, replaced);
    }

    /**
     * What a reader is shown: settled, and of versions with equal idempotency keys the latest.
     */
    public VersionSet resolve(ConflictPolicy policy) {
        VersionSet settled = settle(policy);
        List<Version> kept = settled.unbeaten(ConflictPolicy.SIBLINGS);
        return kept.size() == settled.siblings.size() ? settled : new VersionSet(context, kept, replaced);
    }

    /**
     * What a replica keeps, by what the bucket says of siblings. A dropped version stays covered by the context, and what beat it is in this very
     * state.
     *
     * <p>Where siblings are kept, those whose write is known to be replaced are dropped, but never the last one. Two versions of one write both stay
     * until it is replaced: so a version that is seen and no longer there was replaced, and {@link #absorb} may say so. Where the last write wins a
     * retry is as late as it was made: it may have beaten others, who would be lost with it.
     *
     * <p>Replicas that drop at different times still converge under {@link #merge}, and never drop each other's last version: where the last write wins
     * every drop is of a version beaten by a later one, and {@link Version#isLaterThan} is one total order, so the latest version that no write has
     * replaced is dropped nowhere.
     */
    public VersionSet settle(ConflictPolicy policy) {
        if (siblings.size() < 2) {
            return this;
        }
        List<Version> kept = switch (policy) {
            case SIBLINGS -> unreplaced(siblings);
            case LAST_WRITE_WINS -> unbeaten(policy);
        };
        return kept.size() == siblings.size() ? this : new VersionSet(context, kept, replaced);
    }

    /**
     * What of a {@linkplain #resolve resolved} state a reader is shown: an expired value is absent. It is told to nobody, and it beats all the same what it
     * beat: where the last write wins, what it replaced does not come back. The record stays as it is at every replica, so that no repair can bring it back
     * to life, and the context covers it: who has read replaces it, knowingly or not.
     */
    public VersionSet unexpired(long wallMillis) {
        for (Version sibling : siblings) {
            if (sibling.content().isExpired(wallMillis)) {
                return new VersionSet(
                        context,
                        siblings.stream()
                                .filter(s -> !s.content().isExpired(wallMillis))
                                .toList(),
                        replaced);
            }
        }
        return this;
    }

    private List<Version> unbeaten(ConflictPolicy policy) {
        if (siblings.size() < 2) {
            return siblings;
        }
        List<Version> kept = new ArrayList<>(siblings.size());
        for (Version sibling : siblings) {
            if (!isBeaten(sibling, policy)) {
                kept.add(sibling);
            }
        }
        return kept;
    }

    /** Without those whose write is known to be replaced. All stay if none would (one key used for two writes). */
    private List<Version> unreplaced(List<Version> versions) {
        if (replaced.isEmpty()) {
            return versions;
        }
        List<Version> left = new ArrayList<>(versions.size());
        for (Version version : versions) {
            if (replaced.find(version.content().idempotencyKey()) == null) {
                left.add(version);
            }
        }
        return left.isEmpty() ? versions : left;
    }

    private boolean isBeaten(Version sibling, ConflictPolicy policy) {
        for (Version other : siblings) {
            boolean rivals = switch (policy) {
                case SIBLINGS -> isSameWrite(other, sibling);
                case LAST_WRITE_WINS -> true;
            };
            if (rivals && other.isLaterThan(sibling)) {
                return true;
            }
        }
        return false;
    }
}
