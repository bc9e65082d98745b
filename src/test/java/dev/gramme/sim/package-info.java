/**
 * A deterministic simulator of a whole cluster, in one thread, from one seed: the main proof of the store.
 *
 * <p>Each {@link dev.gramme.sim.SimNode} runs the production {@code node}, its {@code ControlPlane} and {@code DataPlane}s, on a simulated
 * clock, disk and network. A {@link dev.gramme.sim.Scenario} says which {@link dev.gramme.sim.Fault}s come over it while
 * {@link dev.gramme.sim.Client}s write and read, and an {@link dev.gramme.sim.Operator} changes the ring; then {@link dev.gramme.sim.Chaos} heals everything, and the cluster must converge.
 * What was promised is checked from outside, by {@code dev.gramme.sim.history}; what only one of many courses would bring to light is looked at
 * from inside as well: {@link dev.gramme.sim.DurablePromises}, {@link dev.gramme.sim.Readability}, {@link dev.gramme.sim.TransferPromises},
 * {@link dev.gramme.sim.Rings}. A {@link dev.gramme.sim.Mutant} breaks one rule on
 * purpose, to prove that its checker would notice. {@link dev.gramme.sim.Struck} counts how faults came to bear, and {@code SimulationTest} fails if one never did.
 *
 * <p>What may befall data, where it is done, and who would see that it was not made good for. Whatever happened, {@link dev.gramme.sim.Convergence} demands of the healed cluster equal
 * states and equal trees at all owners, no hint left, and every damaged record found; and all checkers of {@code history} look on.
 *
 * <table>
 * <caption>Faults of data</caption>
 * <tr><th>fault</th><th>where</th><th>seen by; the mutant that proves it</th></tr>
 * <tr><td>hints lost</td><td>{@code LOSE_HINTS}: {@code SimDisk.dropAllHints}</td><td>Convergence: NO_EXCHANGES; lost at each restart: AcknowledgedWritesSurvive, HINTS_LOST_AT_RESTART</td></tr>
 * <tr><td>disk wiped</td><td>{@code LOSE_DISK}: {@code SimDisk.lose}; {@code REPLACE}, {@code REMOVE}: the machine too</td><td>Convergence: NO_EXCHANGES</td></tr>
 * <tr><td>disk rolled back</td><td>{@code ROLL_BACK_DISK}: {@code SimDisk.rollBack}</td><td>Convergence: LEAVES_SKIPPED, COUNTERS_NOT_IN_DIGESTS; DotsAreUnique: OLD_DOTS_AFTER_A_CRASH</td></tr>
 * <tr><td>backup restored</td><td>{@code RESTORE_BACKUP}: {@link dev.gramme.sim.SimBackup}, by the nodes' own pages and restores</td><td>DeletesHold, SiblingsAreExact: RESTORED_AS_NEW_WRITES; DeletesHold: OLD_BACKUPS_TAKEN</td></tr>
 * <tr><td>bits flipped below the checksum</td><td>{@code FLIP_BELOW_CHECKSUM}: {@link dev.gramme.sim.BadRecords}, found by {@link dev.gramme.sim.SimStore} or the scrub</td><td>ValuesAreAsWritten:
 * CHECKSUMS_NOT_LOOKED_AT; Convergence</td></tr>
 * <tr><td>bits flipped above it</td><td>{@code FLIP_ABOVE_CHECKSUM}: {@link dev.gramme.sim.Flips}</td><td>Convergence: CONTENTS_NOT_IN_DIGESTS; all checkers, of
 * everything but the value itself; the probe VERSION_ALTERED</td></tr>
 * <tr><td>replica long absent</td><td>{@code LONG_ABSENCE}</td><td>Convergence: HINTS_NEVER_DELIVERED, NO_EXCHANGES</td></tr>
 * <tr><td>values expire</td><td>{@code Workload.FLEETING}</td><td>ExpiryHolds: EXPIRED_VALUES_SHOWN, EXPIRY_FORGOTTEN, LIVES_CUT_SHORT</td></tr>
 * <tr><td>deleted and written again</td><td>every workload</td><td>DeletesHold: TOMBSTONES_COLLECTED_EARLY, REPLACED_WRITES_FORGOTTEN</td></tr>
 * </table>
 *
 * <p>Where clients need a node's time, {@link dev.gramme.sim.BusyNode}, background work waits: {@link dev.gramme.sim.AdmittedWork} sees whoever does not (HINTS_NOT_BEHIND_CLIENTS), Convergence
 * whoever waits for ever (RANGES_NEVER_ADMITTED, EXCHANGES_NEVER_ADMITTED).
 *
 * <p>Of the rules by which deletes are forgotten ({@code antientropy.model.Rule}) five have a mutant here: no collection by age alone, none by promises that are not true, none past
 * hints, who has forgotten a promise believes nothing that it holds but what it minted since, and owners take nothing that is older than what they have collected; the last is missed only where messages come again after many seconds ({@link
 * dev.gramme.sim.Fault#LATE_COPIES}). The other rules are broken in the model alone: what a run here would miss without them is too rare to wait for.
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
