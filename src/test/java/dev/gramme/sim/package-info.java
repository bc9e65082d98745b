/**
 * A deterministic simulator of a whole cluster, in one thread, from one seed: the main proof of the store.
 *
 * <p>Each {@link dev.gramme.sim.SimNode} runs the production {@code node}, its {@code ControlPlane} and {@code DataPlane}s, on a simulated
 * clock, disk and network. A {@link dev.gramme.sim.Scenario} says which {@link dev.gramme.sim.Fault}s come over it while
 * {@link dev.gramme.sim.Client}s write and read, and an {@link dev.gramme.sim.Operator} changes the ring; then {@link dev.gramme.sim.Chaos} heals everything, and the cluster must converge.
 * What was promised is checked from outside, by {@code dev.gramme.sim.history}; what only one of many courses would bring to light is looked at
 * from inside as well: {@link dev.gramme.sim.DurablePromises}, {@link dev.gramme.sim.Readability}, {@link dev.gramme.sim.TransferPromises},
 * {@link dev.gramme.sim.Rings}. A {@link dev.gramme.sim.Mutant} breaks one rule on
 * purpose, to prove that its checker would notice.
 *
 * <p>After FoundationDB (Zhou et al. 2021, 4: deterministic simulation, probes for rare paths), TigerBeetle's VOPR (a random subset of faults
 * per seed; safety first, then heal and demand progress) and Accord's burn test (the same seed twice must be the same run).
 *
 * <p>Options, as system properties: {@code simulation.seeds} how many, {@code simulation.first} the first one,
 * {@code simulation.seed} only this one, with everything that happens written to standard output. (Not under {@code gramme.}, where the program stops at names
 * that it does not know.)
 */
@NullMarked
package dev.gramme.sim;

import org.jspecify.annotations.NullMarked;
