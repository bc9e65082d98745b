/**
 * The put and get machines: sloppy quorums with fallbacks, hedging, read repair (DeCandia et al. 2007, 4.5, 4.6, 5).
 *
 * <p>A put may arrive anywhere. It is passed on to an owner of the key that is up ({@link dev.gramme.coordinator.Coordinator#put}), which mints the
 * version, keeps it, and sends the whole state to the key's first N healthy nodes at once; W durable acknowledgements make it written. Owners that are down
 * are stood for by the next nodes clockwise, which keep a hint; where no node is left, the coordinator keeps the hint itself. A get is coordinated
 * where it lands: R replies are merged; a replica that was found stale is told; one that says it may have lost
 * something does not count, and another is asked: what it has is merged, and where R do not come together without it a get that is not strict takes it for an answer.
 *
 * <p>What it guarantees. An acknowledged put is durable at W nodes. Each owner that did not acknowledge has a hint somewhere, unless this node stops
 * before its attempts have ended. "Failed" is said only before anything was minted, or when each node a put was passed on to has said that it did nothing.
 * A put passed on twice is one write: its versions share an idempotency key and collapse. One that a node has answered it does not carry out when a copy of the message comes late: it names the life of
 * its receiver for which it is meant ({@link dev.gramme.ring.View#life}), which remembers the last thousands it got; another life turns it away, and says that it does not know what became of it. No request outlives its deadline, and the requests under
 * way, and those in flight to one peer, are bounded.
 *
 * <p>While the ring changes ({@link dev.gramme.ring.Topology}) a put is sent to the owners by both rings and needs W places of each; a get asks the owners by the
 * ring that this node reads by. Who owns the key by one ring alone may stand in for an owner by the other, by a pointer to its own copy: so a put is taken
 * whenever W nodes can be reached, in a split that leaves few on this side too ({@link dev.gramme.ring.PreferenceList.Entry#places}). That is so for owners known to be
 * down when the put begins; for one that fails later only a spare node stands in. Who comes in turns writes away until it knows which deletes were forgotten, which mostly takes some 50 ms: there may be
 * no spare node, and its place must be kept, else W of the new owners would not hold what was acknowledged. So a put that is not written without it asks it again, as long as a silent replica would be waited for. A request keeps the places that it began with; {@link dev.gramme.coordinator.Coordinator#isCaughtUp} says when none is
 * unanswered that began under an earlier topology, and only then does this node tell others that it has gone on. Owners that hold the key already are
 * preferred as coordinators: one that has not taken the partition over yet would mint correctly, but could not say what the version has beside it.
 *
 * <p>How it is written. Each request is an explicit state machine, an operation; its id is the id of every message it sends. Messages
 * may be lost, doubled and reordered: a reply is taken from a node that was asked and has not yet answered, and ignored otherwise; a get asks again who is silent. Time is an argument, and
 * waiting is an entry in one heap.
 */
@NullMarked
package dev.gramme.coordinator;

import org.jspecify.annotations.NullMarked;
