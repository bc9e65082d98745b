package dev.gramme.sim;

import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of a disk in which bits have flipped since their checksums were made: whoever reads one finds out. */
final class BadRecords {
    private record Bad(int partition, VersionSet state) {}

    private final SortedMap<Key, Bad> byKey = new TreeMap<>();

    /** @param state what would be read, did nobody look at the checksum */
    void add(int partition, Key key, VersionSet state) {
        byKey.put(key, new Bad(partition, state));
    }

    /** What would be read; null if the record is as it was written. */
    @Nullable
    VersionSet find(Key key) {
        Bad bad = byKey.get(key);
        return bad == null ? null : bad.state();
    }

    boolean isAny(int partition) {
        return byKey.values().stream().anyMatch(bad -> bad.partition() == partition);
    }

    boolean isAny() {
        return !byKey.isEmpty();
    }

    /** Another record takes its place, or none. */
    void overwritten(Mutation mutation) {
        switch (mutation) {
            case Mutation.SetState set -> byKey.remove(set.key());
            case Mutation.DropPartition drop -> dropped(drop.partition());
            case Mutation.SetAside aside -> dropped(aside.partition());
            case Mutation.Barrier ignored -> {}
            case Mutation.Collect collect -> collect.keys().forEach(named -> byKey.remove(named.key()));
            case Mutation.SetHint ignored -> {}
            case Mutation.DropHint ignored -> {}
            case Mutation.Promise ignored -> {}
        }
    }

    void dropped(int partition) {
        byKey.values().removeIf(bad -> bad.partition() == partition);
    }

    void clear() {
        byKey.clear();
    }
}
