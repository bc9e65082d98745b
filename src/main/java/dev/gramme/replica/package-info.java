/**
 * Applying reads and writes at a replica: minting dots, merging, deleting.
 *
 * <p>A replica merges whole states ({@link dev.gramme.version.VersionSet#merge}): never a difference, whose context would falsely cover siblings it does
 * not carry. A delete is a version like any other, whose content is a tombstone. An acknowledgement is sent when the state is durable, also where a
 * write changed nothing but an earlier one of the same state is still on its way to the disk.
 *
 * <p>What it guarantees: {@link dev.gramme.replica.Minting} mints a dot for a key only where the store holds all that the actor ever minted for it, because
 * a context's entry covers all dots of its actor up to a counter. A store that a peer or a client knows more of than it knows itself has forgotten
 * something, and goes on as a new actor before it mints again. So a version is never replaced by one whose writer had not seen it.
 *
 * <p>Who may have lost some of a partition ({@link dev.gramme.wire.Losses}) takes writes of it as ever, and tells readers that it is lacking: R + W > N counts on owners that hold what they
 * acknowledged. To mint it needs nothing that it lacks: its actor is a new one, and a version covers what its writer had seen, here or elsewhere.
 *
 * <p>Who owns the partition by no ring of the moment keeps nothing of it as an owner, and says so. {@link dev.gramme.replica.Ranges} takes over whole pages of a
 * partition by the same merge, and {@link dev.gramme.replica.Restoration} what comes from a backup, if it is not older than what was forgotten, with a hint for every other owner. What it keeps for others survives that owners become fallbacks and fallbacks owners: see {@code HintKeeping}.
 */
@NullMarked
package dev.gramme.replica;

import org.jspecify.annotations.NullMarked;
