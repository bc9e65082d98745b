package dev.gramme.wire;

import java.util.List;

/**
 * What every message between control planes carries along.
 *
 * @param instance of the sender's process
 * @param ringHash of what the sender knows of the ring: where it differs, tables are exchanged
 * @param bucketsHash of its table of bucket properties: likewise
 * @param membersHash of what it knows of the members: likewise, now and then
 * @param rumours in any order
 */
public record Gossip(long instance, long ringHash, long bucketsHash, long membersHash, List<Rumour> rumours) {
    public Gossip {
        rumours = List.copyOf(rumours);
    }
}
