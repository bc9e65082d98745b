package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was collected before this node could know: asked of all owners.
 *
 * <p>Who comes to own a partition must take nothing that is older than what any owner has collected, and a newcomer must not keep hints that are: so it asks all settled
 * owners, and says that it is prepared only when all have told, and what they told is on its disk. They answer when they go by the same change: from then on they collect
 * nothing until it is over, so what they tell holds as long. Nothing was collected that not all members had promised: so until it knows, a member takes what is no older than its own promise,
 * and a newcomer what is no older than the stamp of the first who answers, which it promises; before that it takes nothing, as if it were away.
 *
 * <p>Who starts asks too, and waits for nobody: sooner or later it would hear, and the sooner the less it has taken until then that may have to be set aside.
 *
 * <p>Nothing is collected while a member runs a former program, which answers nothing of this: such an owner is not asked, and has collected nothing.
 */
final class StampQuestions {
    static final int AGAIN_MILLIS = 50;
    /** Each repeat comes later than the one before by a quarter: so an owner that comes to answer waits for the next one for a quarter of the time that it took, at most. */
    private static final int LATER_BY = 4;
    /** Where this node waits for answers before it is prepared. */
    static final int MAX_AGAIN_MILLIS = 1_000;
    /** Where nobody waits for them. */
    static final int MAX_AGAIN_UNHURRIED_MILLIS = 5_000;
    /** In one event. */
    private static final int ASKED_AT_ONCE = 64;

    private static final long NOT_ASKED = 0;

    private record Question(int partition, NodeId owner) implements Comparable<Question> {
        private static final Comparator<Question> ORDER =
                Comparator.comparingInt(Question::partition).thenComparing(Question::owner);

        @Override
        public int compareTo(Question other) {
            return ORDER.compare(this, other);
        }
    }

    private final NodeId self;
    private final int loop;
    private final int loops;
    private final PartitionStamps stamps;
    private final StampRecords records;
    /** With the id that it is asked by, however often, so that an answer counts however late it comes; {@link #NOT_ASKED} before. */
    private final SortedMap<Question, Long> unanswered = new TreeMap<>();

    private final ArrayDeque<Question> toAsk = new ArrayDeque<>();
    /** Those of {@link #unanswered} that were asked, by id. */
    private final Map<Long, Question> asked = new HashMap<>();
    /** The highest epoch that was told, of those partitions that this node must know of before it is prepared. */
    private final SortedMap<Integer, Long> learning = new TreeMap<>();
    /** The stamps of the first who answered, of those partitions of which a newcomer takes nothing yet. */
    private final TreeMap<Integer, Long> first = new TreeMap<>();
    /** The partition whose turn to be promised it was last. */
    private int promised = -1;

    private boolean begun;
    private Proposal.@Nullable Id proposal;
    private Topology topology;
    private long againNanos;
    /** 0: at once. */
    private int againMillis;

    private final boolean off;

    /** @param off nothing is ever asked, or waited for */
    StampQuestions(
            NodeId self,
            int loop,
            int loops,
            boolean off,
            PartitionStamps stamps,
            StampRecords records,
            Topology topology) {
        this.off = off;
        this.self = self;
        this.loop = loop;
        this.loops = loops;
        this.stamps = stamps;
        this.records = records;
        this.topology = topology;
    }

    /** Whether this node may say that it is prepared, as far as that goes. */
    boolean isKnown() {
        return learning.isEmpty();
    }

    void goesBy(Topology next) {
        topology = next;
        if (off) {
            return;
        }
        Proposal committed = next.proposal();
        Proposal.Id id = committed == null || next.target() == null ? null : committed.id();
        if (!Objects.equals(id, proposal)) {
            proposal = id;
            forget();
            if (id != null && next.serves(self) && !isPrepared(next)) {
                learn();
            }
        }
        if (!begun && next.settled().members().containsKey(self)) {
            begun = true;
            for (int p = loop; p < next.settled().partitions(); p += loops) {
                ask(p);
            }
        }
    }

    /** Then it has known before, and has kept it; or has lost its memory in the middle of a change, as a member that starts without it. */
    private static boolean isPrepared(Topology topology) {
        Phase phase = topology.phase();
        return phase != null && phase.isAtLeast(Phase.PREPARED);
    }

    private void forget() {
        unanswered.clear();
        toAsk.clear();
        asked.clear();
        learning.keySet().forEach(stamps::knows);
        learning.clear();
        first.clear();
    }

    private void learn() {
        boolean newcomer = !topology.settled().members().containsKey(self);
        if (newcomer) {
            records.comesToBeMember();
        }
        for (int p = loop; p < topology.settled().partitions(); p += loops) {
            boolean comes = topology.owns(self, p) && !topology.settled().owns(self, p);
            if (newcomer || comes) {
                learning.put(p, 0L);
                stamps.learns(p, newcomer);
                if (!ask(p)) {
                    // Nobody holds it who could have collected.
                    stamps.learnt(p, 0);
                }
            }
        }
    }

    /** Gives whether there is anybody to be asked. */
    private boolean ask(int partition) {
        boolean any = false;
        for (NodeId owner : topology.settled().owners(partition)) {
            if (!owner.equals(self) && topology.serves(owner)) {
                Question question = new Question(partition, owner);
                any = true;
                unanswered.putIfAbsent(question, NOT_ASKED);
                againMillis = 0;
            }
        }
        return any;
    }

    void tick(Moment moment) {
        if (unanswered.isEmpty() && learning.isEmpty()) {
            return;
        }
        View view = moment.outlook().view();
        SortedSet<NodeId> formers = view.formers(MessageCodec.FORMAT_OF_STAMPS);
        if (!formers.isEmpty()) {
            unanswered.keySet().removeIf(question -> formers.contains(question.owner()));
            nobodyTellsOf(formers);
        }
        ask(moment);
        promiseNext(moment.out());
        first.keySet().removeIf(p -> !stamps.takesNothing(p));
        learning.entrySet().removeIf(told -> knows(told.getKey(), told.getValue(), moment));
    }

    /** What could not be promised when it was told, by turns: one partition an event, because what is still held of it is looked through. */
    private void promiseNext(Outbox out) {
        for (int i = 0; i < first.size(); i++) {
            Map.Entry<Integer, Long> after = first.higherEntry(promised);
            Map.Entry<Integer, Long> next = after == null ? first.firstEntry() : after;
            promised = next.getKey();
            if (records.promiseAnew(promised, next.getValue(), out)) {
                return;
            }
        }
    }

    private void ask(Moment moment) {
        if (toAsk.isEmpty() && (againMillis == 0 || moment.nanos() - againNanos >= 0)) {
            toAsk.addAll(unanswered.keySet());
            int most = learning.isEmpty() ? MAX_AGAIN_UNHURRIED_MILLIS : MAX_AGAIN_MILLIS;
            againMillis = Math.clamp(againMillis + againMillis / LATER_BY, AGAIN_MILLIS, most);
            againNanos = moment.nanosIn(againMillis);
        }
        for (int i = 0; i < ASKED_AT_ONCE && !toAsk.isEmpty(); i++) {
            Question question = toAsk.remove();
            if (unanswered.containsKey(question) && moment.outlook().view().isReadable(question.owner())) {
                long id = id(question, moment.out());
                long ring = topology.latest().hash();
                moment.out()
                        .send(question.owner(), new Message.CollectionAsk(id, question.partition(), ring, List.of()));
            }
        }
    }

    private long id(Question question, Outbox out) {
        long known = unanswered.getOrDefault(question, NOT_ASKED);
        if (known != NOT_ASKED) {
            return known;
        }
        long id = out.nextId();
        unanswered.put(question, id);
        asked.put(id, question);
        return id;
    }

    /** A newcomer whose partition's owners all run a former program has nothing to learn. */
    private void nobodyTellsOf(SortedSet<NodeId> formers) {
        for (int p : learning.keySet()) {
            if (stamps.takesNothing(p) && formers.containsAll(topology.settled().owners(p))) {
                stamps.learnt(p, 0);
            }
        }
    }

    /** Whether all owners have told, and it is on the disk. */
    private boolean knows(int partition, long epoch, Moment moment) {
        for (NodeId owner : topology.settled().owners(partition)) {
            if (unanswered.containsKey(new Question(partition, owner))) {
                return false;
            }
        }
        boolean comes = topology.owns(self, partition) && !topology.settled().owns(self, partition);
        if (stamps.takesNothing(partition) || !records.hasKept(partition, epoch, comes, moment.out())) {
            return false;
        }
        stamps.knows(partition);
        return true;
    }

    void replied(NodeId from, Message.CollectionKeys reply, Outbox out) {
        Question question = asked.get(reply.id());
        if (question != null && question.owner().equals(from) && reply.status() == ReplicaStatus.OK) {
            asked.remove(reply.id());
            unanswered.remove(question);
            int p = question.partition();
            learning.computeIfPresent(p, (q, epoch) -> Math.max(epoch, reply.epoch()));
            if (stamps.takesNothing(p)) {
                // A first answer by one that has forgotten may be lower than what others have collected: that is set
                // aside for when the first promise is kept.
                stamps.heard(p, reply.stamp(), reply.epoch());
                first.putIfAbsent(p, reply.stamp());
                records.promiseAnew(p, first.get(p), out);
            } else {
                stamps.heard(p, reply.stamp(), reply.epoch());
            }
        }
    }
}
