package dev.gramme.sim.history;

import java.util.List;

/** A dot is never minted twice (DESIGN.md 4). */
public final class DotsAreUnique implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        return List.copyOf(history.ledger().repeats());
    }
}
