package dev.gramme.replica;

import dev.gramme.ring.Key;
import dev.gramme.version.HybridLogicalClock;
import dev.gramme.version.Now;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import dev.gramme.wire.Probe;

/** Merges what others hold of a key into what this node holds as an owner. */
final class Absorption {
    private final DotSource dots;
    private final HybridLogicalClock clock;

    Absorption(DotSource dots, HybridLogicalClock clock) {
        this.dots = dots;
        this.clock = clock;
    }

    /** This node's clock goes on above what it is shown. */
    void observe(VersionSet state, Now now) {
        for (Version sibling : state.siblings()) {
            clock.observe(sibling.time(), now.wallMillis());
        }
    }

    /** What is to be kept of both. */
    VersionSet absorb(VersionSet owned, Key key, VersionSet state, Outlook outlook, Outbox out) {
        long actor = dots.actor();
        if (state.context().counterOf(actor) > owned.context().counterOf(actor)) {
            // A peer has seen of our own writes more than we hold: this store forgot some (see the essay).
            dots.renewActor();
            out.observed(Probe.ACTOR_RENEWED);
        }
        if (owned.contradicts(state)) {
            out.observed(Probe.VERSION_ALTERED);
            out.altered(key);
        }
        return owned.absorb(state).settle(outlook.policy(key));
    }
}
