package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.HybridLogicalClock;
import dev.gramme.version.Now;
import dev.gramme.version.ReplacedWrite;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutCommand;
import dev.gramme.wire.TimeToLive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a client's put a version: the one place where dots are minted. */
public final class Minting {
    /** How a put ends here. */
    public sealed interface Result {}

    /** Nothing was minted: the key has too many siblings already. */
    public record Refused(String reason) implements Result {}

    /**
     * A put, applied here.
     *
     * @param token says when it is durable
     * @param state what this node holds of the key now
     * @param context what the writer knows now, for its next write
     * @param siblings values and tombstones in {@code state}, as a reader would be shown them
     * @param expiresMillis wall-clock time at which the version expires; 0 for never, or where nobody can say any more
     */
    public record Minted(
            long token, VersionSet state, Dot dot, long time, CausalContext context, int siblings, long expiresMillis)
            implements Result {}

    private final LocalState local;
    private final HintKeeping hints;
    private final DotSource dots;
    private final HybridLogicalClock clock;
    private final OwnActors actors;

    Minting(LocalState local, HintKeeping hints, DotSource dots, HybridLogicalClock clock, OwnActors actors) {
        this.local = local;
        this.hints = hints;
        this.dots = dots;
        this.clock = clock;
        this.actors = actors;
    }

    /**
     * Drops the siblings that the client's context covers, mints a dot, adds (Almeida et al. 2014, "update"). A retry of what is here, or is known to
     * have been here and replaced since, mints nothing: the others are told what this node holds, and the answer is the dot it had.
     *
     * @param standsFor null if this node owns the key, else the owner in whose place it keeps the write as a hint
     * @param missing further owners that are to be told later and that nobody else keeps a hint for
     * @throws StoreBrokenException if the partition's store can't be read
     */
    public Result put(
            PutCommand command,
            int partition,
            @Nullable NodeId standsFor,
            List<NodeId> missing,
            BucketProperties bucket,
            Now now,
            Outbox out) {
        Key key = command.key();
        ConflictPolicy policy = bucket.policy();
        VersionSet before = standsFor == null ? local.owned(partition, key) : local.hinted(partition, key);
        Bytes idempotencyKey = command.content().idempotencyKey();
        Version kept = sameWrite(before, idempotencyKey);
        ReplacedWrite replaced = before.replaced().find(idempotencyKey);
        VersionSet after = before;
        CausalContext context = command.seen();
        Dot dot;
        long time;
        long expires = 0;
        if (kept != null) {
            out.observed(Probe.PUT_RETRY_COLLAPSED);
            dot = kept.dot();
            time = kept.time();
            context = kept.seenByWriter(command.seen());
            expires = kept.content().expiresMillis();
        } else if (replaced != null) {
            out.observed(Probe.PUT_RETRY_COLLAPSED);
            dot = replaced.dot();
            time = replaced.time();
        } else {
            String objection = StateBounds.objection(before, command, policy);
            if (!objection.isEmpty()) {
                return new Refused(objection);
            }
            Version version =
                    mint(command, before, standsFor == null, bucket, now, out).after(command.seen(), before.context());
            dot = version.dot();
            time = version.time();
            expires = version.content().expiresMillis();
            context = version.seenByWriter(command.seen());
            after = before.put(command.seen(), version).settle(policy);
        }
        List<Mutation> mutations = new ArrayList<>(1 + missing.size());
        mutations.add(
                standsFor == null
                        ? new Mutation.SetState(partition, key, after)
                        : hint(partition, key, standsFor, after, false, policy));
        for (NodeId owner : missing) {
            mutations.add(hint(partition, key, owner, after, standsFor == null, policy));
            out.observed(Probe.HINT_STORED);
        }
        long token = local.write(mutations, out);
        return new Minted(
                token,
                after,
                dot,
                time,
                context,
                after.resolve(policy).unexpired(now.wallMillis()).siblings().size(),
                expires);
    }

    private Mutation hint(
            int partition, Key key, NodeId owner, VersionSet state, boolean pointer, ConflictPolicy policy) {
        return new Mutation.SetHint(partition, key, owner, hints.hint(partition, key, owner, state, pointer, policy));
    }

    /** A retry must not become its own sibling: what is here already under the same idempotency key is this very write. */
    private static @Nullable Version sameWrite(VersionSet state, Bytes idempotencyKey) {
        if (!idempotencyKey.isEmpty()) {
            for (Version sibling : state.siblings()) {
                if (sibling.content().idempotencyKey().equals(idempotencyKey)) {
                    return sibling;
                }
            }
        }
        return null;
    }

    private Version mint(
            PutCommand command, VersionSet before, boolean owned, BucketProperties bucket, Now now, Outbox out) {
        long actor = owned ? dots.actor() : dots.hintActor();
        boolean forgot = local.takeForgot(owned);
        if (forgot || command.seen().counterOf(actor) > before.context().counterOf(actor)) {
            // A write of ours failed on its way to the disk, or the client was shown writes of ours that we no longer
            // hold:
            // this store has forgotten some that others may hold (see the essay).
            renew(owned, out);
        }
        long time = clock.tickAfter(Math.max(command.seenTime(), before.latestTime()), now.wallMillis());
        long expires = TimeToLive.expiresMillis(command.options().ttlSeconds(), bucket.ttlSeconds(), now.wallMillis());
        Content content = command.content().tombstone()
                ? command.content()
                : command.content().expiringAt(expires);
        Dot dot = owned ? dots.mint() : dots.mintForHint();
        actors.minted(dot);
        return new Version(dot, time, content);
    }

    private void renew(boolean owned, Outbox out) {
        out.observed(Probe.ACTOR_RENEWED);
        if (owned) {
            dots.renewActor();
        } else {
            dots.renewHintActor();
        }
    }
}
