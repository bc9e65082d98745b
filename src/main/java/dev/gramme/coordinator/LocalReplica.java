package dev.gramme.coordinator;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Dot;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Failure;
import dev.gramme.wire.PutCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** This node's own copy of its keys, as its coordinator uses it. A null answer means that the partition's store can't be read. */
public interface LocalReplica {
    /**
     * @param hinted part of the state is kept as hints for others
     * @param lacking this node may have lost some of what it should say: it does not count
     * @param stamp the state is no older ({@link dev.gramme.wire.Stamps})
     */
    record Reading(VersionSet state, boolean hinted, boolean lacking, long stamp) {}

    /** How a put ends here. */
    sealed interface PutResult {}

    /** Nothing was minted. */
    record Refused(Failure failure, String detail) implements PutResult {}

    /**
     * A put applied here.
     *
     * @param token says when it is durable
     * @param context what the writer knows now
     * @param expiresMillis wall-clock time at which the version expires; 0 for never
     * @param stamp {@code state} is no older ({@link dev.gramme.wire.Stamps})
     */
    record Minted(
            long token,
            VersionSet state,
            Dot dot,
            long time,
            CausalContext context,
            int siblings,
            long expiresMillis,
            long stamp)
            implements PutResult {}

    boolean isWritable();

    @Nullable
    Reading read(int partition, Key key, Turn turn);

    /**
     * Mints a version and keeps it.
     *
     * @param standsFor null if this node owns the key
     * @param missing owners to be told later, for which nobody else keeps a hint
     */
    PutResult put(PutCommand command, int partition, @Nullable NodeId standsFor, List<NodeId> missing, Turn turn);

    /** Keeps a hint: {@code owner} has yet to be told {@code state}, which is no older than {@code stamp}. */
    void keepHint(int partition, Key key, NodeId owner, VersionSet state, long stamp, Turn turn);

    /** Merges what a read has found, which is no older than {@code stamp}, into the own state. */
    void repair(int partition, Key key, VersionSet state, long stamp, Turn turn);
}
