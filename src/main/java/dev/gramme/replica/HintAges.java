package dev.gramme.replica;

import dev.gramme.ring.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * How old hints are that were taken in this life ({@link dev.gramme.wire.Stamps}). Of those that were found on the disk nothing is known but the promise, which may be an old one.
 * In memory alone: it matters only to who finds that its disk has forgotten a promise.
 */
final class HintAges {
    /** Between two looks at all that is noted. */
    private static final int LEAST_BETWEEN = 1_024;

    /** Of more nothing is known: they are as those that were found on the disk. */
    static final int MOST = 65_536;

    private record Taken(int partition, long stamp) {}

    private final Map<Key, Taken> taken = new HashMap<>();
    /** Hints taken before the next look: as many as there are notes, so that a look costs each of them one. Then no more than twice as many are noted as have hints. */
    private int untilPruned = LEAST_BETWEEN;

    /**
     * A hint of the key is about to be written.
     *
     * @param first nothing was kept of the key before; else what was kept may be older
     * @param isKept whether anything is kept of a partition's key
     */
    void took(int partition, Key key, boolean first, long stamp, BiPredicate<Integer, Key> isKept) {
        untilPruned--;
        if (untilPruned <= 0) {
            // Before this one is noted: nothing is kept of it yet.
            taken.entrySet().removeIf(each -> !isKept.test(each.getValue().partition, each.getKey()));
            untilPruned = Math.max(LEAST_BETWEEN, taken.size());
        }
        if (first && taken.size() < MOST) {
            taken.put(key, new Taken(partition, stamp));
        } else if (first) {
            taken.remove(key);
        } else {
            taken.computeIfPresent(key, (k, before) -> new Taken(partition, Math.min(before.stamp, stamp)));
        }
    }

    boolean isKnownNoOlder(Key key, long stamp) {
        Taken since = taken.get(key);
        return since != null && since.stamp >= stamp;
    }

    void forget() {
        taken.clear();
    }
}
