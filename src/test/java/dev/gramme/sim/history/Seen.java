package dev.gramme.sim.history;

import dev.gramme.ring.NodeId;
import dev.gramme.version.CausalContext;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What a client has seen of one key: the context it was given, and beside it the truth.
 *
 * @param time highest hybrid logical time it was given
 * @param versions numbers (see {@link Ledger}) of the versions it was shown, and of all that those had seen; never changed
 * @param writes numbers of the {@link Write}s that made them; never changed
 */
public record Seen(
        CausalContext context, long time, @Nullable NodeId fastest, BitSet versions, BitSet writes) {
    public static final Seen NOTHING = new Seen(CausalContext.EMPTY, 0, null, new BitSet(), new BitSet());

    /** Having seen both. */
    public Seen join(Seen other) {
        return new Seen(
                context.join(other.context),
                Math.max(time, other.time),
                fastest == null ? other.fastest : fastest,
                union(versions, other.versions),
                union(writes, other.writes));
    }

    private static BitSet union(BitSet a, BitSet b) {
        BitSet both = (BitSet) a.clone();
        both.or(b);
        return both;
    }
}
