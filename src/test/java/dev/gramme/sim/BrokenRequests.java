package dev.gramme.sim;

import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.wire.Failure;
import dev.gramme.wire.GetCommand;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.RequestOptions;
import java.util.ArrayList;
import java.util.List;

/** Mutants that ask or answer the wrong thing. */
final class BrokenRequests {
    private BrokenRequests() {}

    /** A context is taken for any key's: counters run over all keys, so it covers what nobody has seen. */
    static final class ContextOfAnotherKey implements Tampering {
        private CausalContext all = CausalContext.EMPTY;

        @Override
        public Event event(NodeId self, Event event) {
            return changePut(event, put -> {
                all = all.join(put.seen());
                return new PutCommand(put.key(), all, put.seenTime(), put.content(), put.options());
            });
        }
    }

    /** A write replaces nothing. */
    static final class ContextsIgnored implements Tampering {
        @Override
        public Event event(NodeId self, Event event) {
            return changePut(
                    event,
                    put -> new PutCommand(
                            put.key(), CausalContext.EMPTY, put.seenTime(), put.content(), put.options()));
        }
    }

    /** A retry is a new write. */
    static final class IdempotencyKeysIgnored implements Tampering {
        private int attempts;

        @Override
        public Event event(NodeId self, Event event) {
            return changePut(event, put -> {
                String key = put.content().idempotencyKey().text() + "#" + ++attempts;
                return new PutCommand(
                        put.key(),
                        put.seen(),
                        put.seenTime(),
                        put.content().withIdempotencyKey(Bytes.utf8(key)),
                        put.options());
            });
        }
    }

    /** R is taken for 1. */
    static final class ReadsOfOneReplica implements Tampering {
        @Override
        public Event event(NodeId self, Event event) {
            if (!(event instanceof Event.Get(long request, GetCommand get))) {
                return event;
            }
            RequestOptions o = get.options();
            RequestOptions one = new RequestOptions(1, o.w(), o.strict(), o.timeoutMillis(), o.preferred());
            return new Event.Get(request, new GetCommand(get.key(), one));
        }
    }

    /** Every write is strict. */
    static final class NoFallbacks implements Tampering {
        @Override
        public Event event(NodeId self, Event event) {
            return changePut(event, put -> {
                RequestOptions o = put.options();
                RequestOptions strict = new RequestOptions(o.r(), o.w(), true, o.timeoutMillis(), o.preferred());
                return new PutCommand(put.key(), put.seen(), put.seenTime(), put.content(), strict);
            });
        }
    }

    /** A write short of W is reported as not written. */
    static final class IndeterminateToldAsFailed implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            List<Effect> changed = new ArrayList<>();
            for (Effect effect : effects) {
                if (effect instanceof Effect.PutDone(long request, PutOutcome.Indeterminate told)) {
                    changed.add(new Effect.PutDone(request, new PutOutcome.Failed(Failure.TIMEOUT, told.detail())));
                } else {
                    changed.add(effect);
                }
            }
            return changed;
        }
    }

    /** A replica says OK to what is only on its way to the disk. */
    static final class ReplicasAnswerFirst implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            if (!(cause instanceof Event.Received(NodeId from, Message.ReplicaPut put))) {
                return effects;
            }
            List<Effect> changed = new ArrayList<>(effects);
            changed.add(new Effect.Send(from, new Message.ReplicaPutReply(put.id(), ReplicaStatus.OK)));
            return changed;
        }
    }

    /** Some clients never hear how it ended. */
    static final class AnswersSwallowed implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return effects.stream()
                    .filter(e -> !(e instanceof Effect.GetDone(long request, GetOutcome ignored) && request % 50 == 0))
                    .toList();
        }
    }

    private interface Change {
        PutCommand of(PutCommand put);
    }

    /** Where a put comes in from its client. */
    private static Event changePut(Event event, Change change) {
        return event instanceof Event.Put(long request, PutCommand put)
                ? new Event.Put(request, change.of(put))
                : event;
    }
}
