package dev.gramme.replica;

import dev.gramme.version.Dot;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a replica has minted in this life: by which actors, and from which counter on. Nothing of it is in any copy of this disk that was made before this life began, an image of a directory
 * that was closed in order among them, whose actors go on: so whatever else was forgotten here, that was not.
 */
final class OwnActors {
    private final SortedMap<Long, Long> firstCounters = new TreeMap<>();

    void minted(Dot dot) {
        firstCounters.putIfAbsent(dot.actor(), dot.counter());
    }

    boolean contains(Dot dot) {
        Long first = firstCounters.get(dot.actor());
        return first != null && dot.counter() >= first;
    }

    boolean isEmpty() {
        return firstCounters.isEmpty();
    }
}
