package dev.gramme.wire;

import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Requests of other nodes that wait until background work is admitted: first come, first served. Who asks about a partition again takes the place of its own earlier request,
 * which it does not wait for any more. Not thread-safe.
 */
public final class HeldRequests<R extends Message.PartitionRequest> {
    /** More are refused: so few are answered before they are asked again. */
    public static final int MOST = 64;

    /** @param sinceNanos when it came */
    public record Held<R>(NodeId from, R request, long sinceNanos) {}

    private record Asker(NodeId from, int partition) {}

    private final Map<Asker, Held<R>> held = new LinkedHashMap<>();

    public boolean isEmpty() {
        return held.isEmpty();
    }

    /** @return false if too many wait: then it does not */
    public boolean add(NodeId from, R request, long nowNanos) {
        Asker asker = new Asker(from, request.partition());
        if (held.size() >= MOST && !held.containsKey(asker)) {
            return false;
        }
        held.put(asker, new Held<>(from, request, nowNanos));
        return true;
    }

    /** The first of them, which waits no more. */
    public Held<R> take() {
        Iterator<Held<R>> all = held.values().iterator();
        if (!all.hasNext()) {
            throw new NoSuchElementException("nobody waits");
        }
        Held<R> first = all.next();
        all.remove();
        return first;
    }

    /** Those that have waited for so long; they wait no more. */
    public List<Held<R>> takeOlder(long ageNanos, long nowNanos) {
        List<Held<R>> old = new ArrayList<>();
        for (Iterator<Held<R>> all = held.values().iterator(); all.hasNext(); ) {
            Held<R> next = all.next();
            if (nowNanos - next.sinceNanos() >= ageNanos) {
                old.add(next);
                all.remove();
            }
        }
        return old;
    }
}
