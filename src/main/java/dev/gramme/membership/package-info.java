/**
 * Members and failure detection: SWIM (Das, Gupta, Motivala, DSN 2002) with Lifeguard (Dadgar, Phillips, Currey 2018). A verdict changes routing only,
 * never the ring: down is not gone (DeCandia et al. 2007, 4.8).
 *
 * <p>{@link dev.gramme.membership.Swim} is one node's part. Each {@link dev.gramme.membership.Timings#periodMillis} it probes one member, all in turn in a
 * shuffled order ({@code ProbeOrder}); without an answer others are asked to try ({@code Probing}); without any the member is suspected ({@code Suspicion}),
 * and down if it does not refute that in time. Rumours ride on every message, each a bounded number of times and in a bounded size
 * ({@code Dissemination}), and are sent to a few members at once while they are fresh. So what a node sends does not grow with the cluster.
 *
 * <p>What it guarantees:
 *
 * <ul>
 *   <li>State is a join-semilattice ({@code Roster}): of each member the highest record it gave of itself, and the highest accusation. Any order of
 *       messages converges; where digests differ and nothing spreads any more, everything is exchanged.
 *   <li>A member is its id, not its address or process. Its next life counts from its first word where the old one was down or leaving, and otherwise as soon
 *       as nobody answers for the old one; a second process beside a living one is refused ({@code Contest}). Which of them is asked to stop, and when it
 *       obeys: {@link dev.gramme.membership.Newcomer}.
 *   <li>A node that did not run, or hears little, doubts itself first: silence of its own pauses is not held against others, and its timeouts stretch
 *       ({@code LocalHealth}); a suspicion that nobody confirms lasts longer; a suspect is told so with every message to it.
 *   <li>What this node does not reach itself it does not route to, whatever the others say, and says nothing of that ({@code Peer}).
 *   <li>Who leaves to be started again is not probed, suspected or accused. Members of no ring that are down for long are forgotten, and gossip does not bring
 *       them back ({@code Forgotten}).
 *   <li>{@link dev.gramme.membership.Discovery} finds others by configured members, by where they were before, and by seeds.
 *   <li>Bucket properties converge under any order of exchanges ({@link dev.gramme.membership.BucketTable}).
 * </ul>
 */
@NullMarked
package dev.gramme.membership;

import org.jspecify.annotations.NullMarked;
