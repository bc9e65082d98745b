package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this node holds of its keys, owned and hinted, including what was asked to be written and is not yet carried out or not yet durable.
 *
 * <p>Effects are carried out after the event that asked for them. One event (a tick) may write the same key twice; so writes of the current event are
 * remembered here and seen by the following reads. And a merge that changes nothing is durable only when what it found is: so for each place with a
 * write under way its latest token is known.
 */
final class LocalState {
    private static final int MAX_UNKEPT = 16_384;

    /** A state's place: the owner's store ({@code hintFor} null) or a hint. */
    private record Place(Key key, @Nullable NodeId hintFor) {}

    private final ReplicaStore store;
    private final HintedStates hints;
    private final Map<Place, VersionSet> thisEvent = new HashMap<>();
    private final Map<Place, Long> latestToken = new HashMap<>();
    private final Map<Long, List<Place>> underWay = new HashMap<>();
    private final ArrayDeque<Place> hintedThisEvent = new ArrayDeque<>();

    /** Places that show a state which could not be written, with the token of that write: bounded, beyond that none is trusted. */
    private final Map<Place, Long> unkept = new HashMap<>();

    private boolean tooManyUnkept;
    private boolean ownedForgot;
    private boolean hintedForgot;

    LocalState(ReplicaStore store, HintedStates hints) {
        this.store = store;
        this.hints = hints;
    }

    /** The effects of the last event were carried out: the store shows them. */
    void eventBegins() {
        if (!thisEvent.isEmpty()) {
            thisEvent.clear();
            hintedThisEvent.clear();
        }
    }

    boolean hasJustWritten() {
        return !thisEvent.isEmpty();
    }

    boolean isWritable() {
        return store.isWritable();
    }

    /** @throws StoreBrokenException if it can't be read */
    VersionSet owned(int partition, Key key) {
        if (!thisEvent.isEmpty()) {
            VersionSet written = thisEvent.get(new Place(key, null));
            if (written != null) {
                return written;
            }
        }
        return store.read(partition, key);
    }

    /** All hints for {@code key}, merged. */
    VersionSet hinted(int partition, Key key) {
        VersionSet state = hints.read(partition, key);
        for (Place place : hintedThisEvent) {
            if (place.key().equals(key)) {
                VersionSet written = thisEvent.get(place);
                state = written == null ? state : state.merge(written);
            }
        }
        return state;
    }

    @Nullable
    VersionSet hint(int partition, Key key, NodeId owner) {
        if (!thisEvent.isEmpty()) {
            VersionSet written = thisEvent.get(new Place(key, owner));
            if (written != null) {
                return written;
            }
        }
        return hints.read(partition, key, owner);
    }

    /** @return the token of the write */
    long write(List<Mutation> mutations, Outbox out) {
        long token = out.persist(mutations);
        List<Place> places = new ArrayList<>(mutations.size());
        for (Mutation mutation : mutations) {
            switch (mutation) {
                case Mutation.SetState set -> remember(new Place(set.key(), null), set.state(), token, places);
                case Mutation.SetHint set -> {
                    Place place = new Place(set.key(), set.owner());
                    hintedThisEvent.add(place);
                    remember(place, set.state(), token, places);
                }
                case Mutation.DropHint drop -> {
                    // Its place goes on to show what it said, until this event is over: nobody is told too little.
                }
                case Mutation.DropPartition drop ->
                    throw new IllegalStateException("only handoff drops partitions, not a replica: " + drop);
                case Mutation.Promise promise ->
                    throw new IllegalStateException("only anti-entropy promises, not a replica: " + promise);
                case Mutation.SetAside aside ->
                    throw new IllegalStateException("only anti-entropy sets partitions aside, not a replica: " + aside);
                case Mutation.Barrier barrier -> throw new IllegalStateException("not of a replica: " + barrier);
                case Mutation.Collect collect ->
                    throw new IllegalStateException("only anti-entropy collects keys, not a replica: " + collect);
            }
        }
        underWay.put(token, places);
        return token;
    }

    private void remember(Place place, VersionSet state, long token, List<Place> places) {
        thisEvent.put(place, state);
        latestToken.put(place, token);
        places.add(place);
    }

    /** The token of the last write of this place that is not yet durable; null if all are. */
    @Nullable
    Long tokenUnderWay(Key key, @Nullable NodeId hintFor) {
        return latestToken.isEmpty() ? null : latestToken.get(new Place(key, hintFor));
    }

    void persisted(long token) {
        for (Place place : ended(token)) {
            // A write that a full queue refused can fail before an earlier one is durable: only a later one makes good
            // for it.
            Long failed = unkept.get(place);
            if (failed != null && failed < token) {
                unkept.remove(place);
            }
        }
    }

    /**
     * Whether what this place shows is durable, or will be when its write under way is. A write that failed (a full disk) stays visible, and no
     * later write need come: to be told the same again is then no reason to say that it is kept.
     */
    boolean isKept(Key key, @Nullable NodeId hintFor) {
        return !tooManyUnkept && (unkept.isEmpty() || !unkept.containsKey(new Place(key, hintFor)));
    }

    /** What was written may be gone from here, and have reached others: this store has forgotten what it minted. */
    void persistFailed(long token) {
        for (Place place : ended(token)) {
            tooManyUnkept |= unkept.size() >= MAX_UNKEPT;
            if (!tooManyUnkept) {
                unkept.merge(place, token, Math::max);
            }
            if (place.hintFor() == null) {
                ownedForgot = true;
            } else {
                hintedForgot = true;
            }
        }
    }

    private List<Place> ended(long token) {
        List<Place> places = underWay.remove(token);
        if (places == null) {
            return List.of();
        }
        for (Place place : places) {
            latestToken.remove(place, token);
        }
        return places;
    }

    /** Whether a write was lost since this was last asked: then the next dot must be another actor's. */
    boolean takeForgot(boolean owned) {
        boolean forgot = owned ? ownedForgot : hintedForgot;
        if (owned) {
            ownedForgot = false;
        } else {
            hintedForgot = false;
        }
        return forgot;
    }
}
