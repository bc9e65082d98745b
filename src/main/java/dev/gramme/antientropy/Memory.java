package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Mutation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port: what the collection of deletes must know of this node, of the partitions of one loop, and how it loses its memory. */
public interface Memory {
    /**
     * @param keys with the digests of their states: those that could be forgotten
     * @param latestMillis none of their versions was made later, by the clocks of those who made them; nor later than now
     * @param last where the next page goes on; null if this was the last
     */
    record Page(
            List<KeyDigest> keys,
            long latestMillis,
            @Nullable Key last) {}

    /**
     * @param mutations as many as one record has room for
     * @param all else there are more
     */
    record HintDrops(List<Mutation> mutations, boolean all) {}

    /** Of the last collection that was carried out here, as it is visible. */
    long epoch(int partition);

    /** The highest promise, as it is visible. */
    long promised(int partition);

    /** Whether a request is under way that began under an older stamp. */
    boolean isOlderUnderWay(int partition, long stamp);

    /** Whether any hint of the partition is kept. */
    boolean keepsHints(int partition);

    /** Whether anything is held of the partition as an owner holds it, also if this node owns it no more. */
    boolean holds(int partition);

    /** Whether this node, an owner, may have lost some of what it held. */
    boolean isLacking(int partition);

    /** Whether the disk takes writes now. */
    boolean isWritable();

    /**
     * Some of what is held, in the order of keys, for those keys that could be forgotten: all of whose versions are deletes, or have expired, for so long.
     *
     * @param after null from the beginning
     * @param maxBytes of states that are looked at, about
     * @param wallMillis of whoever asks; a delete must be {@code ageMillis} older
     * @return null if the partition's store can't be read now
     */
    @Nullable
    Page forgettable(int partition, @Nullable Key after, int maxBytes, long wallMillis, long ageMillis);

    /** Whether the key could be forgotten, is in the state that is named, and durably so. */
    boolean isForgettable(int partition, KeyDigest key, long wallMillis, long ageMillis);

    /**
     * What is held as an owner is about to be put aside: the partition is lacking from now on, on the disk before anything else is, and this node is another actor.
     *
     * @return false if that could not be written down, and nothing was done
     */
    boolean loses(int partition);

    /** Whether the store does not show yet what this event asked to be written: then nothing of what it holds is put aside now, or hints dropped. */
    boolean hasJustWritten();

    /**
     * What of the partition is not put aside with the rest: the versions that this node minted in this life, each key's as if no others had been known here. To be written in the same record,
     * behind it.
     *
     * @return as much as one record has room for, the rest is put aside; null if the partition's store can't be read now
     */
    @Nullable
    List<Mutation> mintedInThisLife(int partition);

    /** It was not put aside after all: what it was compared with meanwhile does not make it whole. */
    void cameBack(int partition);

    /** This node comes to be a member: of hints that it keeps already nothing is known but what was promised. */
    void forgetHintAges();

    /**
     * What takes hints of the partition away, once it is written; nothing that they were minted by is minted by any more. Those that point to what this node holds as an owner go all.
     *
     * @param stamp those that were taken in this life and are not older stay
     * @param minted of the others stays what this node minted in this life
     */
    HintDrops withoutHints(int partition, long stamp, boolean minted);
}
