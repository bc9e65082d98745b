package dev.gramme.sim;

import dev.gramme.replica.DotSource;
import dev.gramme.version.Dot;

/** A dot source, but for what a mutant overrides. */
class ChangedDots implements DotSource {
    private final DotSource dots;

    ChangedDots(DotSource dots) {
        this.dots = dots;
    }

    @Override
    public Dot mint() {
        return dots.mint();
    }

    @Override
    public Dot mintForHint() {
        return dots.mintForHint();
    }

    @Override
    public void renewActor() {
        dots.renewActor();
    }

    @Override
    public void renewHintActor() {
        dots.renewHintActor();
    }

    @Override
    public long actor() {
        return dots.actor();
    }

    @Override
    public long hintActor() {
        return dots.hintActor();
    }
}
