package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;

/** Where the membership machines put what they want said. Nothing is sent before they have returned. */
public interface Post {
    /** One way, and it may be lost. */
    void send(NodeId to, Message message);

    /**
     * Tell it who this node is, and ask the same: everything, or this node's own record alone.
     *
     * @param everything all that is known of members
     */
    void exchange(NodeId to, boolean everything);

    /**
     * As {@link #exchange}, with whoever listens at {@code address}, host:port.
     *
     * @param everything all that is known of members
     */
    void contact(String address, boolean everything);

    /**
     * Tell a process that it is not the member it says it is.
     *
     * @param instance of the process that is meant
     */
    void refuse(NodeId id, long instance, String reason);
}
