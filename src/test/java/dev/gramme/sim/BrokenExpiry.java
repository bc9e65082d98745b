package dev.gramme.sim;

import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Content;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** Mutants that take another time for that at which a value expires. */
final class BrokenExpiry {
    private BrokenExpiry() {}

    /** Readers are shown what has expired. */
    static final class ExpiredValuesShown implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return effects.stream()
                    .map(effect -> effect instanceof Effect.GetDone(long request, GetOutcome.Read read)
                            ? new Effect.GetDone(
                                    request, new GetOutcome.Read(read.versions(), 0, read.fastest(), read.replies()))
                            : effect)
                    .toList();
        }
    }

    /** Replicas are not told that a value expires. */
    static final class ExpiryForgotten implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return told(effects, millis -> 0);
        }
    }

    /** Replicas are told too early an end. */
    static final class LivesCutShort implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return told(effects, millis -> millis == 0 ? 0 : millis - 900);
        }
    }

    private static List<Effect> told(List<Effect> effects, LongUnaryOperator change) {
        return effects.stream()
                .map(effect -> effect instanceof Effect.Send(NodeId to, Message.ReplicaPut put)
                        ? (Effect) new Effect.Send(
                                to,
                                new Message.ReplicaPut(
                                        put.id(), put.key(), changed(put.state(), change), put.hintFor(), put.stamp()))
                        : effect)
                .toList();
    }

    private static VersionSet changed(VersionSet state, LongUnaryOperator change) {
        List<Version> siblings = state.siblings().stream()
                .map(version -> {
                    Content content = version.content();
                    long millis = change.applyAsLong(content.expiresMillis());
                    return new Version(version.dot(), version.time(), content.expiringAt(millis), version.contiguous());
                })
                .toList();
        return new VersionSet(state.context(), siblings, state.replaced());
    }
}
