package dev.gramme.antientropy.model;

import dev.gramme.version.VersionSet;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a node of the model does not forget when it is started again. All writes are durable at once: unforced logs are the simulator's matter. */
final class ModelDisk {
    /** A hint's place: key and owner. */
    record Place(int key, int owner) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return key != other.key ? Integer.compare(key, other.key) : Integer.compare(owner, other.owner);
        }
    }

    final SortedMap<Integer, VersionSet> store = new TreeMap<>();
    final SortedMap<Place, VersionSet> hints = new TreeMap<>();
    /** Stamp of the last collection. */
    long epoch;
    /** Nothing here is older, but what the owner's store holds. */
    long promised;

    ModelDisk copy() {
        ModelDisk copy = new ModelDisk();
        copy.store.putAll(store);
        copy.hints.putAll(hints);
        copy.epoch = epoch;
        copy.promised = promised;
        return copy;
    }

    VersionSet state(int key) {
        return store.getOrDefault(key, VersionSet.EMPTY);
    }

    void merge(int key, VersionSet state) {
        store.merge(key, state, VersionSet::merge);
    }

    void hint(Place place, VersionSet state) {
        hints.merge(place, state, VersionSet::merge);
    }

    /** What all hints say of the key. */
    VersionSet hinted(int key) {
        VersionSet all = VersionSet.EMPTY;
        for (SortedMap.Entry<Place, VersionSet> hint : hints.entrySet()) {
            all = hint.getKey().key() == key ? all.merge(hint.getValue()) : all;
        }
        return all;
    }
}
