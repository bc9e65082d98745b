/**
 * Anti-entropy: what makes replicas equal again whatever happened to them (DeCandia et al. 2007, 4.7).
 *
 * <p><b>Trees.</b> Each owner of a partition keeps a {@linkplain dev.gramme.antientropy.MerkleTree Merkle tree} (Merkle 1987) over the states that its readers see: the
 * ring's part that the partition is, cut into 4,096 equal leaves, under nodes of sixteen children each. Two owners that hold the same have the same root; where they
 * differ, the way down from the root leads to the leaves that do, and each step costs sixteen numbers. A leaf is a sum over its entries, so a write changes it without
 * reading it; and as keys are ordered by their tokens, the keys of a leaf lie side by side in the store. A store offers its trees by the port {@link
 * dev.gramme.antientropy.Trees}.
 *
 * <p><b>What an equal root says.</b> An entry is 64 bits of key and {@link dev.gramme.wire.StateDigest}, so different states can in principle look alike: {@link
 * dev.gramme.antientropy.MerkleTree} says how and why that is borne.
 *
 * <p><b>Exchanges.</b> Of each two owners of a partition one begins an {@link dev.gramme.antientropy.Exchange} now and then ({@link dev.gramme.antientropy.ExchangeSchedule}): it descends
 * where hashes differ, lays the keys of the leaves that do side by side, fetches and merges what the other holds otherwise, and sends it what it lacks. The other side
 * ({@link dev.gramme.antientropy.ExchangeServing}) only answers and keeps nothing. What is done in between by others is no trouble: all that ever happens is a merge, which may happen
 * twice, and what an exchange misses the next one finds. So when writes have ceased and every two owners have ended an exchange since, all of them hold the same,
 * whoever had lost what before, and without any read.
 *
 * <p><b>Mending.</b> A partition of which something was lost here ({@link dev.gramme.wire.Losses}) is compared with all other owners at once, and counts for readers again when that is
 * done: {@link dev.gramme.antientropy.Mending} says why that is enough.
 *
 * <p>Both sides answer for themselves that they own the partition by the settled ring and that no change under way moves it: who takes a partition over is {@code handoff}'s to fill. What
 * an exchange keeps in mind is bounded by one message's keys, what passes by bytes a second ({@link dev.gramme.antientropy.ExchangeBounds}).
 */
@NullMarked
package dev.gramme.antientropy;

import org.jspecify.annotations.NullMarked;
