package dev.gramme.node;

import dev.gramme.version.Now;
import java.util.List;

/** Members, view and bucket properties of one node. Not thread-safe: one serial loop of its own. */
public final class ControlPlane {

    /** The effects to carry out, in order, before the next event. */
    public List<Effect> handle(Event event, Now now) {
        throw new IllegalStateException("not yet: " + event + now);
    }
}
