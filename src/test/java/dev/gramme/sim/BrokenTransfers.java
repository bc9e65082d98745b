package dev.gramme.sim;

import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.replica.DotSource;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Mutants that break a rule of a ring that changes. */
final class BrokenTransfers {
    private BrokenTransfers() {}

    /** Reads go to the new owners as soon as a change is known. */
    static final class ReadsBeforeReceived implements Tampering {
        /** Nor does it know what it lacks: that would be refuge enough. */
        @Override
        public Losses losses(NodeId self, Losses losses) {
            return new BrokenRepair.WipedOwnersCount().losses(self, losses);
        }

        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return map(
                    effects,
                    effect -> effect instanceof Effect.PublishView(View view)
                            ? new Effect.PublishView(new View(
                                    ready(view.topology()),
                                    view.liveness(),
                                    view.outsiders(),
                                    view.formerFormats(),
                                    view.lives()))
                            : effect);
        }

        private static Topology ready(Topology told) {
            return told.target() == null
                    ? told
                    : new Topology(
                            told.epoch(),
                            told.settled(),
                            told.proposal(),
                            Phase.READY,
                            told.transferring(),
                            told.received());
        }
    }

    /** What is written while the ring changes is not kept by those who only come to own it. */
    static final class WritesToOldOwnersAlone implements Tampering {
        private final SortedMap<NodeId, Topology> topologies = new TreeMap<>();

        @Override
        public Event event(NodeId self, Event event) {
            if (event instanceof Event.ViewChanged(View view)) {
                topologies.put(self, view.topology());
            }
            return event;
        }

        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            Topology topology = topologies.get(self);
            if (!(cause instanceof Event.Received(NodeId from, Message.ReplicaPut put))
                    || topology == null
                    || put.hintFor() != null) {
                return effects;
            }
            Ring target = topology.target();
            int partition = topology.settled().partitionOf(put.key());
            if (target == null
                    || !target.owns(self, partition)
                    || topology.settled().owns(self, partition)) {
                return effects;
            }
            return List.of(new Effect.Send(from, new Message.ReplicaPutReply(put.id(), ReplicaStatus.OK)));
        }
    }

    /** Who is to lose a partition drops it as soon as it hears of the change. */
    static final class DroppedAtCommit implements Tampering {
        private long tokens;

        @Override
        public Event event(NodeId self, Event event) {
            return event instanceof Event.Persisted(long token) && token < 0 ? new Event.Tick() : event;
        }

        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            if (!(cause instanceof Event.ViewChanged(View view))) {
                return effects;
            }
            Topology topology = view.topology();
            List<Effect> changed = new ArrayList<>(effects);
            Ring target = topology.target();
            for (int p = 0; target != null && p < target.partitions(); p++) {
                if (topology.settled().owns(self, p) && !target.owns(self, p)) {
                    changed.add(new Effect.Persist(--tokens, List.of(new Mutation.DropPartition(p))));
                }
            }
            return changed;
        }
    }

    /** A loop has caught up with whatever it is told, at once. */
    static final class CaughtUpTooEarly implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            if (!(cause instanceof Event.ViewChanged(View view))) {
                return effects;
            }
            List<Effect> changed = new ArrayList<>(effects);
            changed.add(new Effect.CaughtUp(view.topology().epoch()));
            return changed;
        }
    }

    /** A range is said to be received when its last page has come, not when it is on the disk. */
    static final class ReceivedBeforeDurable implements Tampering {
        private final SortedMap<Long, Effect.RangeReceived> asked = new TreeMap<>();

        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Send(NodeId to, Message.PullRange pull)) {
                    asked.put(pull.id(), new Effect.RangeReceived(pull.proposal(), pull.partition(), 0, 0));
                }
            }
            if (!(cause instanceof Event.Received(NodeId from, Message.RangePage page)) || !page.complete()) {
                return effects;
            }
            Effect.RangeReceived received = asked.remove(page.id());
            List<Effect> changed = new ArrayList<>(effects);
            if (received != null && page.status() == ReplicaStatus.OK) {
                changed.add(received);
            }
            return changed;
        }
    }

    /** What is on the last page of a range is lost. */
    static final class LastPageSkipped implements Tampering {
        @Override
        public Event event(NodeId self, Event event) {
            return event instanceof Event.Received(NodeId from, Message.RangePage page) && page.complete()
                    ? new Event.Received(
                            from,
                            new Message.RangePage(
                                    page.id(), page.status(), List.of(), true, page.stamp(), page.epoch()))
                    : event;
        }
    }

    /** A hint for who owns the key no more is dropped with its delivery, and not passed on. */
    static final class HintsToFormerOwnersDropped implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return mapMutations(effects, (mutations, mutation) -> {
                boolean movesHint = mutation instanceof Mutation.SetHint set
                        && mutations.stream()
                                .anyMatch(m -> m instanceof Mutation.DropHint drop
                                        && drop.key().equals(set.key()));
                return !movesHint;
            });
        }
    }

    /**
     * An owner by one ring that stands in for one of the other keeps its own copy, and forgets whom it stands for. Nor do owners compare: that would mend it
     * before anybody could notice.
     */
    static final class OwnersForgetWhomTheyStandFor implements Tampering {
        private final Tampering withoutExchanges = new BrokenRepair.NoExchanges();

        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            List<Effect> left = withoutExchanges.effects(self, cause, effects);
            return cause instanceof Event.Received(NodeId from, Message.ReplicaPut put) && put.hintFor() != null
                    ? mapMutations(
                            left,
                            (mutations, mutation) -> mutations.size() == 1 || !(mutation instanceof Mutation.SetHint))
                    : left;
        }
    }

    /** What a node owns no more it keeps for ever. */
    static final class OldDataStays implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return mapMutations(effects, (mutations, mutation) -> !(mutation instanceof Mutation.DropPartition));
        }
    }

    /** A node that has dropped a partition, and with it what it minted there, goes on as the same actor. */
    static final class ActorStaysAfterDrop implements Tampering {
        @Override
        public DotSource dots(NodeId self, DotSource dots) {
            return new ChangedDots(dots) {
                @Override
                public void renewActor() {}
            };
        }
    }

    private interface Keeping {
        boolean keeps(List<Mutation> all, Mutation mutation);
    }

    private static List<Effect> mapMutations(List<Effect> effects, Keeping keeping) {
        return map(effects, effect -> {
            if (!(effect instanceof Effect.Persist(long token, List<Mutation> mutations))) {
                return effect;
            }
            List<Mutation> kept =
                    mutations.stream().filter(m -> keeping.keeps(mutations, m)).toList();
            return new Effect.Persist(token, kept);
        });
    }

    private static List<Effect> map(List<Effect> effects, UnaryOperator<Effect> change) {
        return effects.stream().map(change).toList();
    }
}
