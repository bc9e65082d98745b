package dev.gramme.node;

import dev.gramme.replica.DotSource;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Outbox;
import java.util.List;

/**
 * Takes a whole partition that must not be believed any more away from readers, other owners' exchanges and this node's own writes, and keeps it for people. In this order: it is
 * lacking, on the disk; then what it held is gone, as soon as effects are carried out, and by the log for good; and whoever forgot is another actor. A crash in between leaves
 * what was there, lacking: whoever finds again that it can't be believed sets it aside again. It is then filled from its other owners and counts when it is whole.
 */
record SettingAside(Losses losses, DotSource dots) {
    /**
     * From the loop that owns the partition, at most once an event.
     *
     * @return the token that says later that it is gone for good; if never (the disk is full), what was there is visible again, and lacking
     * @throws RuntimeException the store's, if the loss could not be written down: then nothing was done
     */
    long setAside(int partition, Outbox out) {
        losses.lost(partition);
        long token = out.persist(List.of(new Mutation.SetAside(partition)));
        dots.renewActor();
        return token;
    }
}
