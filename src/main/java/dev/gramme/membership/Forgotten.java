package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Rumour;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Members of no ring that were down for long. Others forget them a little later, and would bring them back by gossip for ever: so what was forgotten is
 * remembered for a while, and only what is said of a higher incarnation counts.
 */
final class Forgotten {
    /** Beyond, the one whose id comes first is no longer held back: at worst it is taken for a member that is down, once more. */
    private static final int MAX_FORGOTTEN = 1_024;

    private record Grave(long incarnation, long nanos) {}

    private final SortedMap<NodeId, Grave> graves = new TreeMap<>();
    private final long forgetNanos;

    Forgotten(Timings timings) {
        forgetNanos = Timings.nanos(timings.forgetMillis());
    }

    boolean isDue(long downNanos) {
        return downNanos >= forgetNanos;
    }

    void add(NodeId id, long incarnation, long nowNanos) {
        graves.put(id, new Grave(incarnation, nowNanos));
        if (graves.size() > MAX_FORGOTTEN) {
            graves.remove(graves.firstKey());
        }
    }

    boolean covers(Rumour rumour) {
        Grave grave = graves.get(rumour.member());
        return grave != null && rumour.incarnation() <= grave.incarnation();
    }

    /** Who learned of it just before we forgot forgets it {@code forgetMillis} later; twice that is enough for all. */
    void clean(long nowNanos) {
        graves.values().removeIf(grave -> nowNanos - grave.nanos() > 2 * forgetNanos);
    }
}
