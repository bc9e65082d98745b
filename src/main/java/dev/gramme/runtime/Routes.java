package dev.gramme.runtime;

import dev.gramme.node.DataPlane;
import dev.gramme.node.Event;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.Message;
import java.util.List;

/**
 * Which loop a message goes to: what is about a key or a partition to the loop that owns the partition, an answer to the loop whose number its id
 * carries, the rest to the control loop.
 *
 * @param partitions Q
 */
record Routes(List<PlaneLoop> planes, ControlLoop control, int partitions) {

    void received(NodeId from, Message message) {
        switch (message) {
            case Message.KeyRequest request -> planeOf(request.key()).offer(new Event.Received(from, message));
            case Message.KeyReply reply -> planeOfId(reply.id()).offer(new Event.Received(from, message));
            case Message.PartitionRequest request -> {
                // A partition that there is not: from a node of another Q, which has no business here.
                if (request.partition() >= 0 && request.partition() < partitions) {
                    planeOf(request.partition()).offer(new Event.Received(from, message));
                }
            }
            case Message.Control ignored -> control.offer(new Event.Received(from, message));
        }
    }

    void undeliverable(NodeId to, Message message) {
        switch (message) {
            case Message.KeyRequest request -> planeOfId(request.id()).offer(new Event.Undeliverable(to, message));
            case Message.PartitionRequest request ->
                planeOfId(request.id()).offer(new Event.Undeliverable(to, message));
            case Message.KeyReply ignored -> {
                // The asker is gone or will ask again: its own deadline tells it.
            }
            case Message.Control ignored -> control.offer(new Event.Undeliverable(to, message));
        }
    }

    PlaneLoop planeOf(Key key) {
        return planeOf(key.token().partition(partitions));
    }

    PlaneLoop planeOf(int partition) {
        return planes.get(DataPlane.loopOf(partition, planes.size()));
    }

    private PlaneLoop planeOfId(long id) {
        return planes.get((int) Math.floorMod(id, (long) planes.size()));
    }
}
