/**
 * What happened in a simulated cluster, and whether it was allowed to.
 *
 * <p>The {@link dev.gramme.sim.history.History} knows each client's requests and answers, and the
 * {@link dev.gramme.sim.history.Ledger} each version that any node ever made. Beside the context that a client passes on without
 * looking into it, {@link dev.gramme.sim.history.Seen} carries the plain set of versions that this client has really been shown, with all
 * that those had seen: the true happened-before order, told without a single version vector. The checkers hold the cluster's answers
 * against it; each is a class of its own, and each is itself checked by a mutant that it must catch.
 */
@NullMarked
package dev.gramme.sim.history;

import org.jspecify.annotations.NullMarked;
