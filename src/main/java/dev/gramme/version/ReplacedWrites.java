package dev.gramme.version;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The writes known to be replaced of one key: at most one entry a write, the newest {@value #MAX_REPLACED} of those that are no older than {@link
 * #REPLACED_WINDOW_MILLIS} before the newest. Immutable.
 *
 * <p>A join-semilattice under {@link #union}: what is kept is a function of all entries ever added, because each bound, once it drops an entry from
 * a part, drops it from every whole that the part belongs to.
 *
 * @param entries in their order, oldest first; unmodifiable
 */
public record ReplacedWrites(List<ReplacedWrite> entries) {
    public static final int MAX_REPLACED = 32;
    /** A day: far more than clocks may be apart ({@link HybridLogicalClock#MAX_DRIFT_MILLIS}), or one fast clock would make all forget. */
    public static final long REPLACED_WINDOW_MILLIS = 86_400_000;

    public static final ReplacedWrites NONE = new ReplacedWrites(List.of());

    public ReplacedWrites {
        entries = List.copyOf(entries);
        if (!isBounded(entries)) {
            throw new IllegalArgumentException("not the newest of each write, in order: " + entries);
        }
    }

    /** Whether these are entries as they are kept: in order, of different writes, none too many nor too old. */
    public static boolean isBounded(List<ReplacedWrite> entries) {
        for (int i = 0; i < entries.size(); i++) {
            ReplacedWrite entry = entries.get(i);
            if (i > 0 && entries.get(i - 1).compareTo(entry) >= 0
                    || find(entries.subList(0, i), entry.keyHash()) != null) {
                return false;
            }
        }
        return entries.size() <= MAX_REPLACED
                && (entries.isEmpty()
                        || !isTooOld(entries.getFirst(), entries.getLast().time()));
    }

    private static boolean isTooOld(ReplacedWrite entry, long newest) {
        // Unsigned: the difference of any two longs in order fits.
        return Long.compareUnsigned(newest - entry.time(), REPLACED_WINDOW_MILLIS << HybridLogicalClock.LOGICAL_BITS)
                > 0;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** What is known of the write with this idempotency key; null if nothing, or if there is none. */
    public @Nullable ReplacedWrite find(Bytes idempotencyKey) {
        return entries.isEmpty() || idempotencyKey.isEmpty() ? null : find(entries, ReplacedWrite.hash(idempotencyKey));
    }

    private static @Nullable ReplacedWrite find(List<ReplacedWrite> entries, long keyHash) {
        for (ReplacedWrite entry : entries) {
            if (entry.keyHash() == keyHash) {
                return entry;
            }
        }
        return null;
    }

    /** Both, bounded. Commutative, associative, idempotent. Gives one of the two if it is the union already. */
    public ReplacedWrites union(ReplacedWrites other) {
        if (other == this || other.isEmpty() || entries.equals(other.entries)) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        List<ReplacedWrite> all = new ArrayList<>(entries.size() + other.entries.size());
        all.addAll(entries);
        all.addAll(other.entries);
        List<ReplacedWrite> bounded = bounded(all);
        return bounded.equals(entries) ? this : bounded.equals(other.entries) ? other : new ReplacedWrites(bounded);
    }

    ReplacedWrites with(ReplacedWrite entry) {
        return union(new ReplacedWrites(List.of(entry)));
    }

    private static List<ReplacedWrite> bounded(List<ReplacedWrite> all) {
        all.sort(Collections.reverseOrder());
        long newest = all.getFirst().time();
        List<ReplacedWrite> kept = new ArrayList<>(MAX_REPLACED);
        for (ReplacedWrite entry : all) {
            if (kept.size() < MAX_REPLACED && !isTooOld(entry, newest) && find(kept, entry.keyHash()) == null) {
                kept.add(entry);
            }
        }
        Collections.reverse(kept);
        return kept;
    }
}
