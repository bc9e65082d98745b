package dev.gramme.replica;

import dev.gramme.ring.Key;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * How old hints are that were taken in this life ({@link dev.gramme.wire.Stamps}). Of those that were found on the disk nothing is known but the promise, which may be an old one.
 * In memory alone: it matters only to who finds that its disk has forgotten a promise.
 */
final class HintAges {
    /** As few are not looked at: a note is made just before its hint is kept. */
    static final int NOT_LOOKED_AT = 1_024;

    /** Notes that are looked at with each hint taken, in turns: whose hint is gone is forgotten. So they go faster than others come. */
    static final int LOOKED_AT_ONCE = 2;

    /** Of more nothing is known: they are as those that were found on the disk. */
    static final int MOST = 65_536;

    private record Taken(int partition, long stamp) {}

    /** First who is looked at next. */
    private final LinkedHashMap<Key, Taken> taken = new LinkedHashMap<>();

    /**
     * A hint of the key is about to be written.
     *
     * @param first nothing was kept of the key before; else what was kept may be older
     * @param isKept whether anything is kept of a partition's key
     */
    void took(int partition, Key key, boolean first, long stamp, BiPredicate<Integer, Key> isKept) {
        for (int i = 0; i < LOOKED_AT_ONCE && taken.size() > NOT_LOOKED_AT; i++) {
            lookAtNext(isKept);
        }
        if (first) {
            taken.remove(key);
            if (taken.size() < MOST) {
                taken.put(key, new Taken(partition, stamp));
            }
        } else {
            taken.computeIfPresent(key, (k, before) -> new Taken(partition, Math.min(before.stamp, stamp)));
        }
    }

    private void lookAtNext(BiPredicate<Integer, Key> isKept) {
        Map.Entry<Key, Taken> next = taken.pollFirstEntry();
        if (next != null && isKept.test(next.getValue().partition, next.getKey())) {
            taken.putLast(next.getKey(), next.getValue());
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
