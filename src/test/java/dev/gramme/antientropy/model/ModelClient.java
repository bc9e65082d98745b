package dev.gramme.antientropy.model;

import dev.gramme.version.CausalContext;
import dev.gramme.version.VersionSet;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

/** A client: remembers what it was shown last of each key, by its context and truly. */
final class ModelClient {
    /** @param writes numbers of all that was shown, and of what their writers had been shown */
    record Seen(CausalContext context, BitSet writes) {
        static final Seen NOTHING = new Seen(CausalContext.EMPTY, new BitSet());
    }

    private final ModelHistory history;
    private final SortedMap<Integer, Seen> seen = new TreeMap<>();

    ModelClient(ModelHistory history) {
        this.history = history;
    }

    void saw(int key, VersionSet state) {
        seen.put(key, new Seen(state.context(), history.shown(state)));
    }

    Seen of(int key) {
        return seen.getOrDefault(key, Seen.NOTHING);
    }
}
