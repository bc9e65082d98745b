package dev.gramme.version;

import java.util.Arrays;

/**
 * A version vector: for each actor the highest counter seen of one key. Immutable; actors in unsigned order.
 *
 * <p>An entry {@code actor -> n} covers every dot of that actor up to {@code n} <em>for the key it belongs to</em>. It says nothing of
 * another key: counters run over all keys of a node.
 */
public final class CausalContext {
    public static final CausalContext EMPTY = new CausalContext(new long[0], new long[0]);

    private final long[] actors;
    private final long[] counters;

    private CausalContext(long[] actors, long[] counters) {
        this.actors = actors;
        this.counters = counters;
    }

    public static CausalContext of(Dot dot) {
        return new CausalContext(new long[] {dot.actor()}, new long[] {dot.counter()});
    }

    /**
     * The context with these entries. Takes ownership of the arrays.
     *
     * @throws IllegalArgumentException if actors are not strictly ascending (unsigned) or a counter is below 1
     */
    public static CausalContext of(long[] actors, long[] counters) {
        if (actors.length != counters.length) {
            throw new IllegalArgumentException(actors.length + " actors and " + counters.length + " counters");
        }
        for (int i = 0; i < actors.length; i++) {
            if (counters[i] < 1 || i > 0 && Long.compareUnsigned(actors[i - 1], actors[i]) >= 0) {
                throw new IllegalArgumentException("entry " + i + " is out of order or below 1");
            }
        }
        return actors.length == 0 ? EMPTY : new CausalContext(actors, counters);
    }

    public int size() {
        return actors.length;
    }

    public boolean isEmpty() {
        return actors.length == 0;
    }

    /** The {@code index}th actor in unsigned order. */
    public long actor(int index) {
        return actors[index];
    }

    /** The counter of the {@code index}th actor. */
    public long counter(int index) {
        return counters[index];
    }

    /** The highest counter seen of {@code actor}, 0 if none. */
    public long counterOf(long actor) {
        int index = indexOf(actor);
        return index < 0 ? 0 : counters[index];
    }

    public boolean covers(Dot dot) {
        return counterOf(dot.actor()) >= dot.counter();
    }

    /** Whether everything that {@code other} has seen, this has seen. */
    public boolean covers(CausalContext other) {
        if (other.actors.length > actors.length) {
            return false;
        }
        int i = 0;
        for (int j = 0; j < other.actors.length; j++) {
            while (i < actors.length && actors[i] != other.actors[j]) {
                i++;
            }
            if (i == actors.length || counters[i] < other.counters[j]) {
                return false;
            }
        }
        return true;
    }

    public CausalContext with(Dot dot) {
        int index = indexOf(dot.actor());
        if (index < 0) {
            return join(of(dot));
        }
        if (counters[index] >= dot.counter()) {
            return this;
        }
        long[] raised = counters.clone();
        raised[index] = dot.counter();
        // Nobody changes the actors: the two may share them.
        return new CausalContext(actors, raised);
    }

    /** Covers of {@code dot}'s actor what came before it, at most. */
    CausalContext before(Dot dot) {
        int index = indexOf(dot.actor());
        if (index < 0 || counters[index] < dot.counter()) {
            return this;
        }
        if (dot.counter() > 1) {
            long[] lowered = counters.clone();
            lowered[index] = dot.counter() - 1;
            return new CausalContext(actors, lowered);
        }
        long[] otherActors = new long[actors.length - 1];
        long[] otherCounters = new long[otherActors.length];
        for (int from = 0, to = 0; from < actors.length; from++) {
            if (from != index) {
                otherActors[to] = actors[from];
                otherCounters[to++] = counters[from];
            }
        }
        return of(otherActors, otherCounters);
    }

    /** The least context that covers both: pointwise maximum. */
    public CausalContext join(CausalContext other) {
        if (covers(other)) {
            return this;
        }
        if (other.covers(this)) {
            return other;
        }
        long[] joinedActors = new long[actors.length + other.actors.length];
        long[] joinedCounters = new long[joinedActors.length];
        int size = 0;
        for (int i = 0, j = 0; i < actors.length || j < other.actors.length; size++) {
            int order = i == actors.length
                    ? 1
                    : j == other.actors.length ? -1 : Long.compareUnsigned(actors[i], other.actors[j]);
            joinedActors[size] = order <= 0 ? actors[i] : other.actors[j];
            joinedCounters[size] =
                    order < 0 ? counters[i] : order > 0 ? other.counters[j] : Math.max(counters[i], other.counters[j]);
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return new CausalContext(Arrays.copyOf(joinedActors, size), Arrays.copyOf(joinedCounters, size));
    }

    private int indexOf(long actor) {
        // Contexts are as short as a key's replicas: a scan beats a search.
        for (int i = 0; i < actors.length; i++) {
            if (actors[i] == actor) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CausalContext context
                && Arrays.equals(actors, context.actors)
                && Arrays.equals(counters, context.counters);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(actors) + Arrays.hashCode(counters);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < actors.length; i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(Long.toHexString(actors[i]))
                    .append(':')
                    .append(counters[i]);
        }
        return text.append('}').toString();
    }
}
