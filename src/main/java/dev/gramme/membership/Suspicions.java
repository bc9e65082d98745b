package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Rumour;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Members who are suspected, and have some time left to refute that. */
final class Suspicions {
    private final SortedMap<NodeId, Suspicion> byMember = new TreeMap<>();

    /** In order of id. */
    Collection<NodeId> members() {
        return byMember.keySet();
    }

    void begin(NodeId id, Suspicion suspicion) {
        byMember.put(id, suspicion);
    }

    void end(NodeId id) {
        byMember.remove(id);
    }

    /** Whether that is another who finds the same, and worth passing on. */
    boolean confirms(Rumour.Accused accused) {
        Suspicion suspicion = byMember.get(accused.member());
        return suspicion != null && suspicion.confirm(accused.by());
    }

    /** Who has not refuted in time. */
    List<NodeId> over(long nowNanos) {
        List<NodeId> over = new ArrayList<>();
        byMember.forEach((id, suspicion) -> {
            if (suspicion.isOver(nowNanos)) {
                over.add(id);
            }
        });
        return over;
    }

    /** We were not listening for {@code nanos}. */
    void forgive(long nanos) {
        byMember.values().forEach(suspicion -> suspicion.forgive(nanos));
    }
}
