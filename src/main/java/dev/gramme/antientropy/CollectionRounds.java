package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.wire.Admission;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rounds that one loop leads: of the partitions whose first owner this node is, one after the other, one round at a time. Each pass goes over all that is held and looks
 * for what could be forgotten. Not thread-safe.
 */
final class CollectionRounds {
    private static final System.Logger LOG = System.getLogger(CollectionRounds.class.getName());
    /** Who has not answered is asked again after this. */
    static final int AGAIN_MILLIS = 500;
    /** A round that is not over by then is given up: somebody keeps a hint that can't be delivered, or is away. */
    static final int PATIENCE_MILLIS = 15_000;
    /** Where a member has said that it takes part in no round, none is begun before. It says otherwise when it was started anew with another setting. */
    static final int UNWILLING_MILLIS = 60_000;

    /** Of states looked at by one step of a pass. */
    private static final int PAGE_BYTES = 64 << 10;
    /** What the last one of a partition, which may be empty, is taken for. */
    private static final int LAST_PAGE_BYTES = 8 << 10;

    private final NodeId self;
    private final int loop;
    private final int loops;
    private final CollectionBounds bounds;
    private final Memory memory;
    private final PartitionStamps stamps;
    private final Admission admission;
    private final CollectionRound.Questions questions;

    private @Nullable CollectionRound round;
    private long ring;
    private long againNanos;
    private long endNanos;
    /** Above what any owner was found to go by. */
    private long highest;

    private int partition;
    private @Nullable Key last;
    private final List<KeyDigest> found = new ArrayList<>();
    /** No version of those was made later. */
    private long latestMillis;

    private long nextNanos;
    private boolean begun;
    /** Told to people, who takes part in no round. */
    private final SortedSet<NodeId> unwilling = new TreeSet<>();

    CollectionRounds(
            NodeId self,
            int loop,
            int loops,
            CollectionBounds bounds,
            Memory memory,
            PartitionStamps stamps,
            Admission admission,
            CollectionRound.Questions questions) {
        this.self = self;
        this.loop = loop;
        this.loops = loops;
        this.bounds = bounds;
        this.memory = memory;
        this.stamps = stamps;
        this.admission = admission;
        this.questions = questions;
        this.partition = loop;
    }

    void tick(Moment moment) {
        if (bounds.isOff()) {
            return;
        }
        if (!begun) {
            begun = true;
            nextNanos = moment.nanosIn(bounds.pageMillis());
        }
        CollectionRound going = round;
        if (going == null) {
            if (moment.nanos() - nextNanos >= 0) {
                look(moment);
            }
            return;
        }
        View view = moment.outlook().view();
        if (!isQuiet(view) || view.topology().settled().hash() != ring || moment.nanos() - endNanos >= 0) {
            going.giveUp();
        } else if (moment.nanos() - againNanos >= 0) {
            ask(going, moment);
        }
        endIfOver(going, moment);
    }

    /** No change of the ring is under way, every member can be asked, as a round needs them all, and nobody else is known who may still keep hints. */
    private boolean isQuiet(View view) {
        Topology topology = view.topology();
        return topology.target() == null
                && view.outsiders().isEmpty()
                && !isAnyFormer(view)
                && topology.settled().members().containsKey(self)
                && topology.settled().members().keySet().stream()
                        .allMatch(member -> member.equals(self) || view.isReadable(member));
    }

    /** Whether a member understands nothing of stamps, and would be sent nothing any more that bears one; or nothing of their dates, and would lead rounds whose stamps have none. */
    static boolean isAnyFormer(View view) {
        return view.formers(MessageCodec.FORMAT_OF_STAMP_DATES).stream()
                .anyMatch(view.topology().settled().members()::containsKey);
    }

    /** One page of a pass; or a round of what was found. */
    private void look(Moment moment) {
        nextNanos = moment.nanosIn(bounds.pageMillis());
        Ring settled = moment.outlook().view().topology().settled();
        if (partition >= settled.partitions()) {
            partition = loop;
            nextNanos = moment.nanosIn(bounds.pauseMillis());
            return;
        }
        if (!isQuiet(moment.outlook().view())) {
            return;
        }
        List<NodeId> owners = settled.owners(partition);
        if (owners.isEmpty() || !owners.getFirst().equals(self) || memory.isLacking(partition)) {
            goOn();
            return;
        }
        if (!admission.isOpen(moment.nanos())) {
            nextNanos = moment.nanos();
            return;
        }
        int pageBytes = admission.sliceBytes(PAGE_BYTES);
        Memory.Page page =
                memory.forgettable(partition, last, pageBytes, moment.now().wallMillis(), bounds.ageMillis());
        admission.took(page == null || page.last() == null ? LAST_PAGE_BYTES : pageBytes, moment.nanos());
        int room = CollectionRound.KEYS_A_ROUND - found.size();
        if (page != null) {
            found.addAll(page.keys().subList(0, Math.min(room, page.keys().size())));
            last = page.last();
            latestMillis = Math.max(latestMillis, page.latestMillis());
        }
        if (page != null && last != null && page.keys().size() < room) {
            return;
        }
        if (found.isEmpty()) {
            goOn();
        } else {
            begin(settled, moment);
        }
    }

    private void goOn() {
        found.clear();
        latestMillis = 0;
        last = null;
        partition += loops;
    }

    private void begin(Ring settled, Moment moment) {
        highest = Math.max(highest, stamps.stamp(partition));
        CollectionRound next = new CollectionRound(
                moment.out().nextId(), partition, settled, List.copyOf(found), latestMillis, highest);
        found.clear();
        latestMillis = 0;
        round = next;
        ring = settled.hash();
        endNanos = moment.nanosIn(PATIENCE_MILLIS);
        ask(next, moment);
        endIfOver(next, moment);
    }

    private void ask(CollectionRound going, Moment moment) {
        againNanos = moment.nanosIn(AGAIN_MILLIS);
        going.ask(questions);
    }

    void replied(NodeId from, Message.CollectionReply reply, Moment moment) {
        CollectionRound going = round;
        if (going == null || going.id != reply.id()) {
            return;
        }
        if (going.replied(from, reply)) {
            ask(going, moment);
        }
        endIfOver(going, moment);
    }

    private void endIfOver(CollectionRound going, Moment moment) {
        if (!going.isOver()) {
            return;
        }
        boolean committed = going.step() == CollectionRound.Step.COMMITTED;
        round = null;
        highest = Math.max(highest, going.highest());
        if (going.keys() > 0) {
            moment.out().observed(committed ? Probe.COLLECTION_COMMITTED : Probe.COLLECTION_GIVEN_UP);
            moment.out()
                    .collected(new Collected(
                            going.partition,
                            committed,
                            going.keys(),
                            waitedFor(going),
                            moment.now().wallMillis()));
        }
        NodeId refuses = going.unwilling();
        if (refuses != null) {
            nextNanos = moment.nanosIn(Math.min(UNWILLING_MILLIS, bounds.pauseMillis()));
            // Then the same is asked again: no other partition's round would get further.
            last = null;
            tell(refuses);
            return;
        }
        if (committed) {
            unwilling.clear();
        }
        if (!committed || last == null) {
            goOn();
        }
    }

    private static List<NodeId> waitedFor(CollectionRound over) {
        NodeId unwilling = over.unwilling();
        if (over.step() == CollectionRound.Step.COMMITTED) {
            return List.of();
        }
        return unwilling == null ? over.waitsFor() : List.of(unwilling);
    }

    private void tell(NodeId refuses) {
        if (unwilling.add(refuses)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} does not collect deletes: all nodes keep theirs until it is started with another --collect-after than 0",
                    refuses);
        }
    }
}
