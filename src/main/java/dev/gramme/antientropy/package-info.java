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
 */
@NullMarked
package dev.gramme.antientropy;

import org.jspecify.annotations.NullMarked;
