package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.Gossip;
import dev.gramme.wire.Message;
import dev.gramme.wire.Rumour;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what this node has to say, and with every message some rumours. */
final class Voice implements Probing.Means {
    private final Members members;
    private final Post post;
    private final boolean buddies;
    private long ringHash;
    private long bucketsHash;

    /** @param buddies a message to a suspect tells it so (Lifeguard's buddy system) */
    Voice(Members members, Post post, boolean buddies) {
        this.members = members;
        this.post = post;
        this.buddies = buddies;
    }

    void digests(long ring, long buckets) {
        ringHash = ring;
        bucketsHash = buckets;
    }

    /** Fresh rumours, to some at random. */
    void tell(int fanout) {
        for (NodeId id : members.order().some(fanout, members::isAlive)) {
            post.send(id, new Message.Rumours(gossipFor(id)));
        }
    }

    /** All that is known, for an exchange. */
    Gossip everything() {
        return gossip(members.roster().everything());
    }

    /** This node's own record, and what {@code to} must know of itself. */
    Gossip introduction(@Nullable NodeId to) {
        List<Rumour> rumours = new ArrayList<>();
        rumours.add(new Rumour.Alive(members.mine()));
        Rumour against = to == null ? null : members.against(to);
        if (against != null) {
            rumours.add(against);
        }
        return gossip(rumours);
    }

    private Gossip gossipFor(NodeId to) {
        List<Rumour> rumours = members.dissemination().next(members.roster().size());
        Rumour against = buddies ? members.against(to) : null;
        if (against != null && !rumours.contains(against)) {
            rumours = new ArrayList<>(rumours);
            rumours.add(against);
        }
        return gossip(rumours);
    }

    private Gossip gossip(List<Rumour> rumours) {
        long instance = members.mine().instance();
        return new Gossip(instance, ringHash, bucketsHash, members.roster().hash(), rumours);
    }

    @Override
    public void ping(NodeId to, long sequence) {
        post.send(to, new Message.Ping(sequence, gossipFor(to)));
    }

    /** As {@link #ping}, to one that may know nothing of us. */
    void pingUnknown(NodeId to, long sequence) {
        post.send(to, new Message.Ping(sequence, introduction(to)));
    }

    @Override
    public void pingRequest(NodeId to, long sequence, NodeId target) {
        post.send(to, new Message.PingRequest(sequence, target, gossipFor(to)));
    }

    @Override
    public void ack(NodeId to, long sequence) {
        post.send(to, new Message.Ack(sequence, gossipFor(to)));
    }

    @Override
    public void nack(NodeId to, long sequence) {
        post.send(to, new Message.Nack(sequence, gossipFor(to)));
    }

    @Override
    public List<NodeId> proxies(NodeId target, int count) {
        return members.order()
                .some(
                        count,
                        id -> !id.equals(target)
                                && members.isAlive(id)
                                && members.roster().verdict(id) == Verdict.ALIVE
                                && !members.reach().peer(id).isUnreachable());
    }

    @Override
    public void reached(NodeId target) {
        members.reach().reached(target);
    }

    @Override
    public void missed(NodeId target) {
        members.reach().missed(target);
    }

    @Override
    public void unreached(NodeId target) {
        members.reach().unreached(target);
    }

    @Override
    public void failed(NodeId target) {
        members.accuse(target, false);
    }
}
