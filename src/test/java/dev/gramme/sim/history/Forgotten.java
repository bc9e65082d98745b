package dev.gramme.sim.history;

import dev.gramme.ring.Key;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The states that were collected: what they had replaced need not be anywhere any more, and must not be. */
public final class Forgotten {
    private record Collected(VersionSet state, long atNanos) {}

    private final SortedMap<Key, List<Collected>> byKey = new TreeMap<>();
    private final List<String> findings = new ArrayList<>();

    /** An owner forgets this state. */
    public void collected(Key key, VersionSet state, long wallMillis, long nowNanos) {
        byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(new Collected(state, nowNanos));
        for (Version version : state.siblings()) {
            if (!version.content().tombstone() && !version.content().isExpired(wallMillis)) {
                findings.add("Forgotten: " + key + " was collected with a value that lives: " + state + " at "
                        + History.seconds(nowNanos));
            }
        }
    }

    public List<String> findings() {
        return findings;
    }

    /** The last versions of the key of each time it was forgotten, as far as that was done by then. */
    public List<Version> versions(Key key, long untilNanos) {
        return byKey.getOrDefault(key, List.of()).stream()
                .filter(collected -> collected.atNanos <= untilNanos)
                .flatMap(collected -> collected.state.siblings().stream())
                .toList();
    }

    /** All that was known of the key whenever it was forgotten. */
    public CausalContext context(Key key) {
        CausalContext all = CausalContext.EMPTY;
        for (Collected collected : byKey.getOrDefault(key, List.of())) {
            all = all.join(collected.state.context());
        }
        return all;
    }
}
