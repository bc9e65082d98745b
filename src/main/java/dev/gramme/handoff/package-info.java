/**
 * Hinted handoff: what a fallback keeps for an owner that is down, and its delivery when the owner is back (DeCandia et al. 2007, 4.6). And the handing over
 * of partitions when the ring changes (4.9, 6.2).
 *
 * <p>A hint is a whole state of one key, kept apart from the node's own data, or a pointer: "tell this owner what I hold myself", where the keeper is an
 * owner too. {@link dev.gramme.handoff.HintDelivery} sends them as ordinary replica writes, which merge and so may come twice; a hint is dropped only
 * after its owner has said that it holds the state durably, and only if it has not changed since.
 *
 * <p>Hints are bounded by {@link dev.gramme.handoff.HintBounds}, in bytes and age for each owner. Where a bound is met {@link dev.gramme.handoff.HintRetirement} tells all the other owners what was
 * kept, and forgets it; exchanges ({@code antientropy}), which run soon after a node is back, are what the owner hears of it by. A hint that is given up is one copy fewer than were counted when a
 * write was answered: what was written with W = N while an owner was away is at N - 1 nodes until then.
 *
 * <p>Dropping is forgetting. A fallback that has minted versions for a key, handed them over and dropped them no longer holds all that its
 * hint actor ever minted for the key; so it goes on as a new hint actor (see the essay of {@code version}).
 *
 * <p>Ranges. {@link dev.gramme.handoff.RangeTransfers} takes over what a change gives to this node, each partition from the one owner whose place it takes
 * ({@link dev.gramme.ring.Topology#sources}; from all that are left, if that one is gone for good). It begins when every member is prepared: each write that
 * has begun since goes to the newcomer too, and each one from before is answered and lies at W of the old owners; so what the source shows from now on, in any
 * order of reading, and the writes that come directly are together all that the place must hold. Pages follow the order of keys, so a write behind the
 * cursor is one that came directly. The next page is asked for when the last is durable here; a partition is received when all pages of all sources are.
 *
 * <p>Who holds much of a partition already, since it was interrupted or is the second source's turn, is offered digests and fetches only what differs: to
 * begin anew costs little, so the cursor is kept in memory alone. A source gives only to who goes by the same proposal; refusals, silence and a full disk
 * here are waited out. So is a store that can't be read there, for a while and told to people; then all other owners together stand in for that one
 * ({@link dev.gramme.ring.Topology#otherSources} says why that is enough). Who lacks some of the partition ({@link dev.gramme.wire.Losses}) stands for itself
 * only when it has been compared with all other owners that the change does not exclude, which happens during the change too. Where that can't be, its disk being full perhaps, all owners that
 * remain are asked for what they have left: together that is no less. Pulls at once, bytes of a page and bytes of a second are bounded, by the receiver;
 * and both sides give way to their clients ({@link dev.gramme.wire.Admission}): the receiver asks later and for less; the source gives smaller pages and lets requests wait, and
 * tells who has waited for half of its patience to ask later, so that no rate is too low for the timeout. Hints give way likewise.
 *
 * <p>Nothing is taken from a source that has collected deletes ({@code antientropy}) of which this node knows nothing yet: it first sets aside what it holds, and promises; then the page is asked for again.
 *
 * <p>When no change is under way {@link dev.gramme.handoff.RangeDropping} drops what is not owned. That is forgetting too: the owner's store goes on as a new
 * actor, so that if the partition comes back, no dot minted then covers what was minted before.
 *
 * <p>Hints while the ring changes ({@link dev.gramme.handoff.HintEnds}). Who gives a partition away may have been read before a hint reached it: so the
 * hint goes on to its successor. A hint for a node that owns the partition by no ring goes on to all that do.
 */
@NullMarked
package dev.gramme.handoff;

import org.jspecify.annotations.NullMarked;
