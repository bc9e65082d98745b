package dev.gramme.antientropy.model;

import dev.gramme.antientropy.model.CollectionModel.Trouble;

/** What the protocol rests on. Each is broken in turn, to prove that the model would notice. */
enum Rule {
    /** Every owner has confirmed before any member goes by the new stamp. */
    CONFIRMED_BEFORE_RAISED(Trouble.NONE, 16),
    /** Every member must promise, not the owners alone. */
    ALL_MEMBERS_PROMISE(Trouble.RESTARTS, 220),
    /** A member promises when what it began under an older stamp is over. */
    OLD_OPERATIONS_ARE_OVER(Trouble.NONE, 20),
    /** A member promises when it keeps no hint. */
    NO_HINT_IS_KEPT(Trouble.NONE, 53),
    /** An owner takes nothing that is older than what it has collected. */
    OWNERS_REFUSE_OLD_STAMPS(Trouble.NONE, 77),
    /** A fallback takes no hint that is older than its promise. */
    FALLBACKS_REFUSE_OLD_STAMPS(Trouble.NONE, 7),
    /** A read counts no answer older than a collection it has heard of, and what it tells on is as old as the oldest answer it rests on. */
    OLD_ANSWERS_DO_NOT_COUNT(Trouble.OLD_DISK, 6473),
    /** A promise is on the disk before it is told. */
    PROMISES_ARE_DURABLE(Trouble.RESTARTS, 1),
    /** Only what is still as confirmed is forgotten. */
    DIGESTS_ARE_COMPARED(Trouble.NONE, 3),
    /**
     * An owner promises in the same life in which it has confirmed, and is told of the last collection with the question: so one whose disk was put back to an
     * earlier time does not promise as if it still held what it had confirmed.
     */
    WHO_FORGOT_DOES_NOT_PROMISE(Trouble.OLD_DISK, 4431),
    /** Who hears of a collection that it has not promised has lost its memory, and sets aside what it holds. */
    WHO_FORGOT_SETS_ASIDE(Trouble.OLD_DISK, 71);

    private final Trouble trouble;
    private final long seed;

    Rule(Trouble trouble, long seed) {
        this.trouble = trouble;
        this.seed = seed;
    }

    /** In which it is missed. */
    Trouble trouble() {
        return trouble;
    }

    /** Where to begin to look for a seed that misses it. */
    long seed() {
        return seed;
    }
}
