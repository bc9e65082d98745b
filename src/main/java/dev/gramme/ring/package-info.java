/**
 * The hash ring: MD5 tokens, Q fixed partitions, the claim (who owns what) and preference lists.
 *
 * <p>Placement is apart from partitioning (DeCandia et al. 2007, 6.2, strategy 3): a key's {@link dev.gramme.ring.Token} names one
 * of Q equal ranges for ever, and a {@link dev.gramme.ring.Ring} says who owns each range now. A ring is a value: decisions take
 * it as an argument, and a change of members makes the next one.
 *
 * <p>What {@link dev.gramme.ring.Claim} guarantees, in this order:
 *
 * <ol>
 *   <li>the owners of a partition are min(N, members) distinct nodes, in as many zones as there are, as evenly as the zones' sizes
 *       allow;
 *   <li>a node's slots follow its weight, within one, as far as the first rule and "a node holds a partition once" let it. So a
 *       zone with few nodes may have to take more than its weight: three zones and N=3 make each zone hold everything once,
 *       however small it is;
 *   <li>of all placements with those shares, one that moves fewest slots from the ring before. Without zones that is the bound
 *       itself: what the nodes have more than they had. Zones can force a detour: what a node gives may lie where the zone of the one
 *       who gains is already;
 *   <li>each node is first for its share of what it owns, within one, then second, and so on;
 *   <li>partners vary (a wish, not a promise): when a node dies, many stand in for it.
 * </ol>
 *
 * <p>Rules 1 to 3 are one minimum-cost flow and rule 4 another; flows are integral, so whole slots can do whatever fractions of them can,
 * and such fractions always exist (see {@link dev.gramme.ring.Quota} and {@link dev.gramme.ring.PreferenceOrder}).
 *
 * <p>A {@link dev.gramme.ring.PreferenceList} is the first N healthy nodes clockwise (4.6), marked primary or fallback as in Riak's
 * {@code riak_core_apl}; who stands in for whom while the ring changes is {@code StandIns}' matter. A {@link dev.gramme.ring.View} keeps them for all the requests of its life.
 */
@NullMarked
package dev.gramme.ring;

import org.jspecify.annotations.NullMarked;
