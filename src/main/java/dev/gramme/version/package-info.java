/**
 * Versions with causality: dotted version vectors, siblings, and the hybrid logical clock.
 *
 * <p>A <em>dot</em> names one write event: the actor that minted it and that actor's counter. A key's state is a {@link
 * dev.gramme.version.VersionSet}: a causal context (for each actor the highest counter seen of this key) and the siblings,
 * the versions that nothing in the context has replaced. This is the compact set form of dotted version vectors
 * (Almeida, Baquero, Gonçalves, Preguiça, Fonte: "Scalable and Accurate Causality Tracking for Eventually Consistent
 * Stores", DAIS 2014, section 5; Preguiça et al., "Dotted Version Vectors", 2010).
 *
 * <p>What it guarantees: {@link dev.gramme.version.VersionSet#merge} is commutative, associative and idempotent, and after
 * any history the siblings are exactly the maximal concurrent versions.
 *
 * <p>What that rests on (see {@link dev.gramme.version.CausalContext}): the entry {@code actor -> n} claims that
 * <em>every</em> dot of that actor for this key up to {@code n} has been seen. That is true as long as an actor mints a dot
 * for a key only while its store holds all that this actor ever minted for that key. A store that forgets (an unclean stop, a wiped
 * directory, a hint delivered and dropped, a range given away) therefore goes on as a new actor.
 *
 * <p>One dot names one version for ever. Where memory fails before a checksum is made, two replicas may come to hold two versions under one dot; which of them was written
 * nobody can say then. When they are laid side by side all nodes take the same one ({@link dev.gramme.version.Version}), so that the join is one still, and say so.
 *
 * <p>A value may expire ({@link dev.gramme.version.Content}): from then on a reader is not shown it ({@link dev.gramme.version.VersionSet#unexpired}), and
 * that is all that changes. The version stays in the state, the same at every replica, beats what it beat, and is replaced like any other; so expiry needs no
 * agreement, no replica and no repair can bring the value back, and only a reader's clock is asked.
 *
 * <p>A write that is retried may be coordinated twice, by nodes that do not hear each other: then it has two dots, and the idempotency key says that they are
 * one write. A replica keeps both until the write is replaced; readers are shown the later. Who has seen one has seen the other, also when the other comes
 * only after the replacement: so a state remembers the keys of what was replaced ({@link dev.gramme.version.ReplacedWrites}), and a retry that comes so
 * late is not minted again. Whoever replaces a version may not hold it; then the first who does, and hears of the replacement, takes note of its key
 * ({@link dev.gramme.version.VersionSet#absorb}). The limits: the newest 32 writes of a key replaced within a day of the last; a second dot that comes after
 * that is a sibling again, even of a delete. One key is one write: it must not be used for another, nor with another context. Where the last write wins, a
 * retry that reached a second coordinator unaware of the replacement is a write as late as that one made it; a bucket whose policy is changed to siblings
 * while such a retry is about may take it for replaced.
 */
@NullMarked
package dev.gramme.version;

import org.jspecify.annotations.NullMarked;
