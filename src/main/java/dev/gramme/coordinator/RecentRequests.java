package dev.gramme.coordinator;

import dev.gramme.ring.NodeId;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * The puts lately passed on to this node, those that were refused among them. The network may double a message, and the copy come late. A put coordinated twice finds its own version by its
 * idempotency key, but not once that was replaced, and would bring it back; and one that was refused is told to have failed. In memory alone: a put names the life of this node that it is meant for, so
 * that a later one does not take its copy.
 */
final class RecentRequests {
    static final int REMEMBERED = 8_192;

    private record Request(NodeId from, long id) {}

    private final Set<Request> known = new HashSet<>();
    private final ArrayDeque<Request> inOrder = new ArrayDeque<>();

    /** Whether it comes for the first time, as far as is remembered; remembers it. */
    boolean isNew(NodeId from, long id) {
        Request request = new Request(from, id);
        if (!known.add(request)) {
            return false;
        }
        inOrder.add(request);
        if (inOrder.size() > REMEMBERED) {
            known.remove(inOrder.remove());
        }
        return true;
    }
}
