package dev.gramme.antientropy;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Topology;
import dev.gramme.wire.Admission;
import dev.gramme.wire.Message;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The collection of deletes in one loop: the rounds it leads, its part in those of others, and what it does when it finds that it has forgotten. Not thread-safe. */
public final class TombstoneCollection {
    private final NodeId self;
    private final StampRecords records;
    private final CollectionServing serving;
    private final CollectionRounds rounds;
    private final StampQuestions questions;
    private final PartitionStamps stamps;
    /** Of this node to itself: handled when what asked is done. */
    private final ArrayDeque<Message.CollectionReply> own = new ArrayDeque<>();

    private final ArrayDeque<Message.CollectionRequest> ownRequests = new ArrayDeque<>();
    private @Nullable Topology topology;
    private @Nullable Moment moment;
    private long life;

    public TombstoneCollection(
            NodeId self,
            int loop,
            int loops,
            CollectionBounds bounds,
            Memory memory,
            PartitionStamps stamps,
            Admission admission,
            Topology first) {
        this.self = self;
        this.stamps = stamps;
        this.records = new StampRecords(self, memory, stamps);
        this.serving = new CollectionServing(self, memory, stamps, records, bounds, this::answer);
        this.rounds = new CollectionRounds(self, loop, loops, bounds, memory, stamps, admission, this::ask);
        this.questions = new StampQuestions(self, loop, loops, bounds.isOff(), stamps, records, first);
    }

    /** Whether it may be said that this loop is ready for what it goes by. */
    public boolean isKnown() {
        return questions.isKnown();
    }

    private void ask(NodeId member, Message.CollectionRequest request) {
        if (member.equals(self)) {
            ownRequests.add(request);
        } else {
            now().out().send(member, request);
        }
    }

    private void answer(NodeId to, Message.CollectionReply reply) {
        if (to.equals(self)) {
            own.add(reply);
        } else {
            now().out().send(to, reply);
        }
    }

    private Moment now() {
        Moment present = moment;
        if (present == null) {
            throw new IllegalStateException("nothing is handled now");
        }
        return present;
    }

    /** What one event asks of it. */
    private interface Step {
        void take();
    }

    private void handle(Moment present, Step step) {
        moment = present;
        if (life == 0) {
            life = present.out().nextId();
        }
        goBy(present);
        step.take();
        while (!own.isEmpty() || !ownRequests.isEmpty()) {
            if (!ownRequests.isEmpty()) {
                serving.asked(self, ownRequests.remove(), life, present);
            } else {
                rounds.replied(self, own.remove(), present);
            }
        }
        moment = null;
    }

    private void goBy(Moment present) {
        Topology next = present.outlook().view().topology();
        if (topology != next) {
            topology = next;
            stamps.goesBy(next);
            records.goesBy();
            questions.goesBy(next);
        }
    }

    /** Another view holds: to be called before anything is done by it. */
    public void viewChanged(Moment present) {
        handle(present, () -> questions.tick(present));
    }

    public void tick(Moment present) {
        handle(present, () -> {
            records.tick(present);
            questions.tick(present);
            rounds.tick(present);
        });
    }

    public void asked(NodeId from, Message.CollectionRequest request, Moment present) {
        handle(present, () -> serving.asked(from, request, life, present));
    }

    public void replied(NodeId from, Message.CollectionReply reply, Moment present) {
        handle(present, () -> {
            if (reply instanceof Message.CollectionKeys keys) {
                questions.replied(from, keys, present.out());
            }
            rounds.replied(from, reply, present);
        });
    }

    /** A write of this node is durable, or never will be. */
    public void settled(long token, boolean durable, Moment present) {
        handle(present, () -> serving.settled(token, durable, present));
    }

    /** To be called at the end of each event: somebody may have spoken of a collection that this node knows nothing of. */
    public void eventEnds(Moment present) {
        handle(present, () -> records.setAsideWhatIsTooOld(present));
    }
}
