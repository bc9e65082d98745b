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
 */
@NullMarked
package dev.gramme.version;

import org.jspecify.annotations.NullMarked;
