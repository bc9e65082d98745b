/**
 * Gramme: an always-writable, replicated key-value store in the line of Amazon's Dynamo (DeCandia et al., SOSP 2007).
 *
 * <p>Each technique of the paper has one package, a <em>room</em>. Pure rooms decide: {@code version} (dotted version
 * vectors), {@code ring} (partitions, claim, preference lists), {@code quorum} (when is a request done), {@code wire}
 * (messages), the machines {@code coordinator}, {@code replica}, {@code handoff}, {@code antientropy} and
 * {@code membership}, and {@code node}, where the machines meet. Given the same events and the same times they decide
 * the same, so a whole cluster can be replayed in one test from one seed. Outer rooms act: {@code storage},
 * {@code transport}, {@code rest}, {@code cli}, {@code console} and {@code runtime}, which ties them together.
 *
 * <p>Which room may use which is in ARCHITECTURE.md, and is held by {@code ArchitectureTest}. Nothing lives in this
 * package itself.
 */
@NullMarked
package dev.gramme;

import org.jspecify.annotations.NullMarked;
