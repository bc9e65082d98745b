package dev.gramme.wire;

import dev.gramme.ring.NodeId;

/** One piece of what members tell each other of members. */
public sealed interface Rumour {
    NodeId member();

    /** Of the member when this was said. */
    long incarnation();

    /** What a member says of itself (SWIM: "alive"). */
    record Alive(MemberRecord record) implements Rumour {
        @Override
        public NodeId member() {
            return record.id();
        }

        @Override
        public long incarnation() {
            return record.incarnation();
        }
    }

    /**
     * What another says of it: that it does not answer. It holds until the member says of itself that it is alive, in a higher incarnation.
     *
     * @param down it has not refuted that in time (SWIM: "confirm"); else it is suspected
     * @param by who found that out: accusations by different members confirm each other
     */
    record Accused(NodeId member, long incarnation, boolean down, NodeId by) implements Rumour {}
}
