/**
 * The surroundings of the pure rooms: it carries their effects out and decides nothing.
 *
 * <p>{@link dev.gramme.runtime.GrammeNode} is the node as a CDI bean, and {@link dev.gramme.runtime.LocalNode} what the fronts see of it. An {@code
 * Assembly} holds storage, bridge, one control loop and K data loops, and the routes between them: a message about a key goes to the loop that owns
 * the key's partition, an answer to the loop whose number its id carries, the rest to the control loop.
 *
 * <p>A {@code SerialLoop} is one thread that takes tasks in order, with a tick between them. It may wait for the disk; the Vert.x event loops never do. Its
 * queue is bounded: a client is refused (503), a peer's message dropped (messages bear loss); what a loop asked for itself
 * (durability of its own writes, a new view) is never dropped. A loop on which something was thrown ends, and the node with it: what it
 * guarded may be half done.
 *
 * <p>What may take its time has a thread of its own, so that the control loop is never silent for long: {@code TopologyWriter} writes the ring to the disk
 * (the control plane tells nobody of it before), {@code Seeds} looks names up.
 *
 * <p>Start: Quarkus listens first, so that the probes can be asked; then the data directory is opened and its log replayed, the bridge listens, the
 * loops run. A node whose directory keeps a ring goes by that, whatever its flags list; one that is in no list asks the seeds.
 *
 * <p>Stop, within the drain timeout: readiness goes down, the others are told (down at once for routing, not gone), answers carry {@code Connection:
 * close}, and for a moment what comes is still served, so that clients and load balancers find another node before this one is deaf. Then clients'
 * requests under way end, hints that can be delivered are, loops and bridge close, the stores are brought up to date, and the directory is marked as
 * closed in order, so that the next start keeps its actors.
 */
@NullMarked
package dev.gramme.runtime;

import org.jspecify.annotations.NullMarked;
