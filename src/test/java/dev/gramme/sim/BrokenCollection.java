package dev.gramme.sim;

import dev.gramme.handoff.HintBook;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Mutants that forget deletes by less than the protocol asks for. */
final class BrokenCollection {
    private BrokenCollection() {}

    /** Members say that they have promised before they have. Hints are delivered late, so that it is often not true. */
    static final class PromisedAtOnce implements Tampering {
        private boolean tick;

        @Override
        public Event event(NodeId self, Event event) {
            tick = event instanceof Event.Tick;
            return event;
        }

        @Override
        public HintBook hints(NodeId self, HintBook hints) {
            // Delivered on ticks; on other events hints are taken out of the book by who finds out that it has
            // forgotten.
            return new LateHints(hints) {
                @Override
                public List<Hint> next(NodeId owner, int loop, int loops, int limit, long maxBytes) {
                    return tick
                            ? super.next(owner, loop, loops, limit, maxBytes)
                            : hints.next(owner, loop, loops, limit, maxBytes);
                }
            };
        }

        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            if (!(cause instanceof Event.Received(NodeId from, Message.CollectionRaise raise))) {
                return effects;
            }
            List<Effect> changed = new ArrayList<>(effects);
            changed.add(new Effect.Send(
                    from, new Message.CollectionDone(raise.id(), ReplicaStatus.OK, raise.stamp(), false)));
            return changed;
        }
    }

    /** Who hears of a collection that it has forgotten sets aside what it minted since, too. */
    static final class NothingKeptAside implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return effects.stream().map(NothingKeptAside::changed).toList();
        }

        private static Effect changed(Effect effect) {
            return effect instanceof Effect.Persist persist && setsAside(persist)
                    ? new Effect.Persist(
                            persist.token(),
                            persist.mutations().stream()
                                    .filter(mutation -> !(mutation instanceof Mutation.SetState))
                                    .toList())
                    : effect;
        }
    }

    /** Who hears of a collection that it has forgotten goes on with what it holds. */
    static final class OldDisksBelieved implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return effects.stream().map(OldDisksBelieved::changed).toList();
        }

        private static Effect changed(Effect effect) {
            if (!(effect instanceof Effect.Persist persist) || !setsAside(persist)) {
                return effect;
            }
            List<Mutation> mutations = new ArrayList<>();
            for (Mutation mutation : persist.mutations()) {
                if (mutation instanceof Mutation.SetAside aside) {
                    mutations.add(new Mutation.Collect(aside.partition(), aside.epoch(), List.of()));
                } else if (!(mutation instanceof Mutation.SetState)) {
                    mutations.add(mutation);
                }
            }
            return new Effect.Persist(persist.token(), mutations);
        }
    }

    private static boolean setsAside(Effect.Persist persist) {
        return persist.mutations().stream().anyMatch(Mutation.SetAside.class::isInstance);
    }

    /** A member promises though it keeps hints, which it delivers late. */
    static final class HintsNotCounted implements Tampering {
        @Override
        public HintBook hints(NodeId self, HintBook hints) {
            return new LateHints(hints) {
                @Override
                public boolean any(int partition) {
                    return false;
                }
            };
        }
    }

    /** Hints wait for some seconds, whoever is up. */
    private static class LateHints implements HintBook {
        /** Questions of one loop: some ten seconds. */
        private static final int LATE = 2_048;

        private final HintBook hints;
        private int asked;

        LateHints(HintBook hints) {
            this.hints = hints;
        }

        @Override
        public VersionSet read(int partition, Key key) {
            return hints.read(partition, key);
        }

        @Override
        public @Nullable VersionSet read(int partition, Key key, NodeId owner) {
            return hints.read(partition, key, owner);
        }

        @Override
        public List<Hint> next(NodeId owner, int loop, int loops, int limit, long maxBytes) {
            return asked++ % LATE == 0 ? hints.next(owner, loop, loops, limit, maxBytes) : List.of();
        }

        @Override
        public boolean any(int partition) {
            return hints.any(partition);
        }

        @Override
        public boolean mayComeBack(int partition) {
            return hints.mayComeBack(partition);
        }

        @Override
        public SortedMap<NodeId, Long> counts() {
            return hints.counts();
        }

        @Override
        public long bytes(NodeId owner) {
            return hints.bytes(owner);
        }
    }

    /** Owners take what is older than what they have collected. */
    static final class OldStampsTaken implements Tampering {
        @Override
        public ReplicaStore store(NodeId self, ReplicaStore store) {
            return new ReplicaStore() {
                @Override
                public VersionSet read(int partition, Key key) {
                    return store.read(partition, key);
                }

                @Override
                public Page scan(int partition, @Nullable Key after, int maxBytes) {
                    return store.scan(partition, after, maxBytes);
                }

                @Override
                public boolean holds(int partition) {
                    return store.holds(partition);
                }

                @Override
                public long collectedEpoch(int partition) {
                    return 0;
                }

                @Override
                public long promised(int partition) {
                    return store.promised(partition);
                }

                @Override
                public boolean isWritable() {
                    return store.isWritable();
                }
            };
        }
    }
}
