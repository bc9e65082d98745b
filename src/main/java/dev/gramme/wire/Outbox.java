package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import java.util.List;

/** Where a machine puts what it wants done. Nothing happens before the machine has returned. */
public interface Outbox {
    /** One way, and it may be lost. */
    void send(NodeId to, Message message);

    /**
     * Makes the mutations visible at once and durable soon.
     *
     * @return the token that says later that they are durable, or that they never will be
     */
    long persist(List<Mutation> mutations);

    /** Something worth counting happened. */
    void observed(Probe probe);

    /** Two copies of one version of {@code key} say different things, so one of them was altered: for people to see. */
    void altered(Key key);

    /** A number for a request to a peer, never used before by this loop, nor by the life of this node before the last start. */
    long nextId();
}
