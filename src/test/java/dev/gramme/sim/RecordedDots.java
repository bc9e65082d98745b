package dev.gramme.sim;

import dev.gramme.replica.DotSource;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Dot;

/** Tells the ledger of every dot that a node mints. */
record RecordedDots(World world, NodeId node, DotSource source) implements DotSource {
    @Override
    public Dot mint() {
        return recorded(source.mint());
    }

    @Override
    public Dot mintForHint() {
        return recorded(source.mintForHint());
    }

    private Dot recorded(Dot dot) {
        world.transfers().minted(node, dot);
        world.history().ledger().minted(node, dot, world.timeline().nowNanos());
        return dot;
    }

    @Override
    public void renewActor() {
        source.renewActor();
    }

    @Override
    public void renewHintActor() {
        source.renewHintActor();
    }

    @Override
    public long actor() {
        return source.actor();
    }

    @Override
    public long hintActor() {
        return source.hintActor();
    }
}
