package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Probes that others asked us for and that are not answered yet, by the sequence of our own ping. */
final class Relays {
    /** Requests of others under way: beyond, they go unanswered. */
    private static final int MAX_RELAYS = 1_024;

    /** @param askersSequence by which the asker knows its probe */
    record Relay(NodeId asker, long askersSequence, long nackNanos) {
        private Relay later(long nanos) {
            return new Relay(asker, askersSequence, nackNanos + nanos);
        }
    }

    private final SortedMap<Long, Relay> byNumber = new TreeMap<>();

    boolean hasRoom() {
        return byNumber.size() < MAX_RELAYS;
    }

    void begin(long number, Relay relay) {
        byNumber.put(number, relay);
    }

    /** It is over; null if there was none. */
    @Nullable
    Relay end(long number) {
        return byNumber.remove(number);
    }

    /** Those whose askers are told that there was no answer; they are over. */
    List<Relay> endLate(long nowNanos) {
        List<Relay> late = byNumber.values().stream()
                .filter(relay -> nowNanos >= relay.nackNanos())
                .toList();
        byNumber.values().removeAll(late);
        return late;
    }

    /** We were not listening for {@code nanos}. */
    void forgive(long nanos) {
        byNumber.replaceAll((number, relay) -> relay.later(nanos));
    }
}
