package dev.gramme.runtime;

import dev.gramme.antientropy.Exchanged;
import dev.gramme.antientropy.Outcome;
import dev.gramme.node.Effect;
import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the exchanges that this node began have come to, since its start. Safe to use from any thread. */
public final class RepairFigures {
    private record Place(int partition, NodeId peer) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byPartition = Integer.compare(partition, other.partition);
            return byPartition != 0 ? byPartition : peer.compareTo(other.peer);
        }
    }

    /**
     * All exchanges together.
     *
     * @param outcomes how many ended how
     * @param compared keys whose digests were compared
     * @param repairedHere keys of which something was not known here
     * @param repairedThere keys of which a peer was told something that it did not know
     * @param bytes of messages, both ways, about
     * @param left exchanges that were asked for and are still to come
     */
    public record Sum(
            SortedMap<Outcome, Long> outcomes,
            long compared,
            long repairedHere,
            long repairedThere,
            long bytes,
            int left) {}

    private final SortedMap<Place, Exchanged> last = new TreeMap<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final int[] left;
    private long compared;
    private long repairedHere;
    private long repairedThere;
    private long bytes;

    /** @param loops K */
    public RepairFigures(int loops) {
        this.left = new int[loops];
    }

    /** So many exchanges of a loop were asked for. */
    public synchronized void asked(int loop, int exchanges) {
        left[loop] = exchanges;
    }

    public synchronized void add(Effect.ExchangeEnded ended) {
        Exchanged exchanged = ended.exchanged();
        last.put(new Place(exchanged.partition(), exchanged.peer()), exchanged);
        outcomes.merge(exchanged.outcome(), 1L, Long::sum);
        left[ended.loop()] = ended.left();
        compared += exchanged.compared();
        repairedHere += exchanged.repairedHere();
        repairedThere += exchanged.repairedThere();
        bytes += exchanged.bytes();
    }

    public synchronized Sum sum() {
        int waiting = 0;
        for (int ofLoop : left) {
            waiting += ofLoop;
        }
        return new Sum(new TreeMap<>(outcomes), compared, repairedHere, repairedThere, bytes, waiting);
    }

    /** The last exchange of each partition with each peer, in this order. */
    public synchronized List<Exchanged> last() {
        return new ArrayList<>(last.values());
    }
}
