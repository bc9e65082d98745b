/**
 * Members and failure detection.
 *
 * <p>For now every node knows all members from its configuration ({@link dev.gramme.membership.StaticMembers}) and sends each a heartbeat at a fixed
 * interval; gossip after SWIM (Das, Gupta, Motivala 2002) will take the place of both behind the same verdicts. A verdict changes routing only,
 * never the ring: down is not gone (DeCandia et al. 2007, 4.8).
 *
 * <p>What it guarantees:
 *
 * <ul>
 *   <li>A peer that is reachable both ways and says it is ready is up, from its first heartbeat on. One that is silent, that we cannot deliver to, or
 *       that does not hear us is down within {@link dev.gramme.membership.Timings#downMillis}. Each heartbeat echoes the last one heard from its
 *       receiver, so one-way partitions are seen by both sides.
 *   <li>A node that was itself paused does not take the silence of that time for others' ({@link dev.gramme.membership.HeartbeatDetector#awake}).
 *   <li>Of two processes with one id, the one that answers at the member's address is the member, the other is refused ({@code Peer}). Which of
 *       them is asked to stop, and when it obeys: {@link dev.gramme.membership.Newcomer}.
 *   <li>Bucket properties converge under any order of exchanges ({@link dev.gramme.membership.BucketTable}).
 * </ul>
 */
@NullMarked
package dev.gramme.membership;

import org.jspecify.annotations.NullMarked;
