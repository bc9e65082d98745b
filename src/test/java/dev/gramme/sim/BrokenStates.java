package dev.gramme.sim;

import dev.gramme.handoff.HintBook;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.replica.DotSource;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Mutants that keep, mint or hand on the wrong thing. */
final class BrokenStates {
    private BrokenStates() {}

    /** One actor for the owner's store and the hint book, which forget at different times. */
    static final class FallbacksMintAsOwners implements Tampering {
        @Override
        public DotSource dots(NodeId self, DotSource dots) {
            return new ChangedDots(dots) {
                @Override
                public Dot mintForHint() {
                    return mint();
                }

                @Override
                public void renewHintActor() {}

                @Override
                public long hintActor() {
                    return actor();
                }
            };
        }
    }

    /** A fallback that has handed over its versions goes on as the same actor. */
    static final class HintActorStays implements Tampering {
        @Override
        public DotSource dots(NodeId self, DotSource dots) {
            return new ChangedDots(dots) {
                @Override
                public void renewHintActor() {}
            };
        }
    }

    /** Replicas are sent the newest version under the whole context, so that its siblings look replaced. */
    static final class DeltasForStates implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            List<Effect> changed = new ArrayList<>();
            for (Effect effect : effects) {
                if (effect instanceof Effect.Send(NodeId to, Message.ReplicaPut put)
                        && put.state().siblings().size() > 1) {
                    Version last = put.state().siblings().getLast();
                    VersionSet delta = new VersionSet(put.state().context(), List.of(last));
                    changed.add(new Effect.Send(
                            to, new Message.ReplicaPut(put.id(), put.key(), delta, put.hintFor(), put.stamp())));
                } else {
                    changed.add(effect);
                }
            }
            return changed;
        }
    }

    /** Nobody remembers the idempotency keys of what was replaced. */
    static final class ReplacedWritesForgotten implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            List<Effect> changed = mapStates(
                    effects, set -> new Mutation.SetState(set.partition(), set.key(), forgotten(set.state())));
            changed.replaceAll(effect -> switch (effect) {
                case Effect.Send(NodeId to, Message.ReplicaPut put) ->
                    new Effect.Send(
                            to,
                            new Message.ReplicaPut(
                                    put.id(), put.key(), forgotten(put.state()), put.hintFor(), put.stamp()));
                case Effect.Send(NodeId to, Message.ReplicaGetReply reply) ->
                    new Effect.Send(
                            to,
                            new Message.ReplicaGetReply(
                                    reply.id(),
                                    reply.status(),
                                    reply.same(),
                                    reply.hinted(),
                                    forgotten(reply.state()),
                                    reply.stamp(),
                                    reply.epoch()));
                default -> effect;
            });
            return changed;
        }

        private static VersionSet forgotten(VersionSet state) {
            return new VersionSet(state.context(), state.siblings());
        }
    }

    /** Nobody remembers whether a writer had seen all before it, so who retries is told of nothing more than it said itself. */
    static final class RetriesToldTooLittle implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return mapStates(effects, set -> new Mutation.SetState(set.partition(), set.key(), plain(set.state())));
        }

        private static VersionSet plain(VersionSet state) {
            List<Version> siblings = state.siblings().stream()
                    .map(v -> new Version(v.dot(), v.time(), v.content()))
                    .toList();
            return new VersionSet(state.context(), siblings, state.replaced());
        }
    }

    /** A replica keeps what it was sent, in place of what it held, instead of the merge of both. */
    static final class ReplicasOverwrite implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            if (!(cause instanceof Event.Received(NodeId from, Message.ReplicaPut put))) {
                return effects;
            }
            return mapStates(
                    effects,
                    set -> set.key().equals(put.key())
                            ? new Mutation.SetState(set.partition(), set.key(), put.state())
                            : set);
        }
    }

    /** A key whose siblings are all tombstones is forgotten at once. */
    static final class TombstonesCollectedEarly implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return mapStates(
                    effects,
                    set -> set.state().values().isEmpty()
                            ? new Mutation.SetState(set.partition(), set.key(), VersionSet.EMPTY)
                            : set);
        }
    }

    /** Hints are kept, and forgotten about. */
    static final class HintsNeverDelivered implements Tampering {
        @Override
        public HintBook hints(NodeId self, HintBook hints) {
            return new HintBook() {
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
                    return List.of();
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
                public long bytes(NodeId owner) {
                    return hints.bytes(owner);
                }

                @Override
                public SortedMap<NodeId, Long> counts() {
                    return hints.counts();
                }
            };
        }
    }

    private interface Change {
        Mutation of(Mutation.SetState set);
    }

    private static List<Effect> mapStates(List<Effect> effects, Change change) {
        List<Effect> changed = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist(long token, List<Mutation> mutations)) {
                List<Mutation> mapped = new ArrayList<>();
                mutations.forEach(m -> mapped.add(m instanceof Mutation.SetState set ? change.of(set) : m));
                changed.add(new Effect.Persist(token, mapped));
            } else {
                changed.add(effect);
            }
        }
        return changed;
    }
}
