package dev.gramme.sim;

import dev.gramme.replica.DotSource;
import dev.gramme.version.Dot;

/**
 * A node's identity on its disk: the two actors and how many dots each has reserved. Counters are reserved in blocks at once (a real
 * node writes the reservation before it uses it); which dots of the block were used is remembered only by a clean stop.
 */
final class SimDots implements DotSource {
    private static final int BLOCK = 64;

    private static final class Actor {
        final long id;
        long counter;
        long reserved;

        Actor(long id) {
            this.id = id;
        }

        Dot mint() {
            counter++;
            if (counter > reserved) {
                reserved += BLOCK;
            }
            return new Dot(id, counter);
        }
    }

    private final Randomness random;
    private Actor owner;
    private Actor hinter;
    private boolean hintsWereDropped;

    SimDots(Randomness random) {
        this.random = random;
        this.owner = new Actor(random.next());
        this.hinter = new Actor(random.next());
    }

    /** A start after an unclean stop, or on an empty disk: new actors (see the essay of {@code version}). */
    void startAsNewActors() {
        renewActor();
        hinter = new Actor(random.next());
        hintsWereDropped = false;
    }

    /** A mutant's flaw: the same actors after an unclean stop, though the rest of their blocks is skipped. */
    void startAsOldActors() {
        owner.counter = owner.reserved;
        hinter.counter = hinter.reserved;
    }

    /** A mutant's flaw: the same actors, their blocks begun again. */
    void startWithOldBlocks() {
        owner.counter = Math.max(0, owner.reserved - BLOCK);
        hinter.counter = Math.max(0, hinter.reserved - BLOCK);
    }

    @Override
    public Dot mint() {
        return owner.mint();
    }

    @Override
    public Dot mintForHint() {
        if (hintsWereDropped && hinter.counter > 0) {
            hinter = new Actor(random.next());
        }
        hintsWereDropped = false;
        return hinter.mint();
    }

    @Override
    public void renewActor() {
        owner = new Actor(random.next());
    }

    @Override
    public void renewHintActor() {
        hintsWereDropped = true;
    }

    @Override
    public long actor() {
        return owner.id;
    }

    @Override
    public long hintActor() {
        return hinter.id;
    }
}
