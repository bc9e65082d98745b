package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.StateCodec;
import dev.gramme.wire.StateDigest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the peer of an exchange lacks, on its way there as ordinary replica writes: so many at once, each again until it is acknowledged. */
final class Pushes {
    static final int AT_ONCE = 32;

    /** @param theirs digest of what the peer was found to hold; 0 for nothing */
    private record Push(Key key, long theirs) {}

    private final Pair pair;
    private final OwnStates own;
    private final ArrayDeque<Push> waiting = new ArrayDeque<>();
    private final Map<Long, Push> sent = new LinkedHashMap<>();
    /** Those that were sent and not answered in time: who answers late has it all the same. */
    private final Map<Long, Push> late = new HashMap<>();

    private long acknowledged;
    private long bytes;

    Pushes(Pair pair, OwnStates own) {
        this.pair = pair;
        this.own = own;
    }

    void add(Key key, long theirs) {
        waiting.add(new Push(key, theirs));
    }

    boolean isEmpty() {
        return waiting.isEmpty() && sent.isEmpty();
    }

    boolean isWaiting() {
        return !sent.isEmpty();
    }

    boolean knows(long id) {
        return sent.containsKey(id) || late.containsKey(id);
    }

    /** Keys of which the peer has acknowledged something that it did not know. */
    long acknowledged() {
        return acknowledged;
    }

    /** Of states sent since this was last asked. */
    long takeBytes() {
        long taken = bytes;
        bytes = 0;
        return taken;
    }

    /**
     * Sends as many as may be under way.
     *
     * @return false if a state can't be read
     */
    boolean send(Moment moment) {
        while (!waiting.isEmpty() && sent.size() < AT_ONCE) {
            Push push = waiting.remove();
            VersionSet state = own.own(pair.partition(), push.key());
            if (state == null) {
                return false;
            }
            if (!state.isEmpty() && StateDigest.of(state) != push.theirs()) {
                long id = moment.out().nextId();
                sent.put(id, push);
                bytes += StateCodec.sizeHint(state) + push.key().name().size();
                long stamp = moment.outlook().stamps().stamp(pair.partition());
                moment.out().send(pair.peer(), new Message.ReplicaPut(id, push.key(), state, null, stamp));
            }
        }
        return true;
    }

    /** Null if it was taken, or an answer to nothing here; else why not. */
    @Nullable
    Outcome replied(Message.ReplicaPutReply reply) {
        Push push = sent.remove(reply.id());
        Push again = late.remove(reply.id());
        if (push == null && again != null && reply.status() == ReplicaStatus.OK) {
            // Its second sending will find that there is nothing to do.
            push = waiting.remove(again) ? again : null;
        }
        if (push == null || reply.status() == ReplicaStatus.OK) {
            acknowledged += push == null ? 0 : 1;
            return null;
        }
        return Exchange.outcomeOf(reply.status());
    }

    /** What was sent was not answered in time: again. */
    void resend() {
        late.clear();
        for (Iterator<Map.Entry<Long, Push>> i = sent.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Long, Push> entry = i.next();
            late.put(entry.getKey(), entry.getValue());
            waiting.add(entry.getValue());
            i.remove();
        }
    }
}
