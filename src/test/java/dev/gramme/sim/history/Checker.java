package dev.gramme.sim.history;

import java.util.List;

/** Holds one promise against what happened. */
public interface Checker {
    /** Every checker of a whole history, in the order in which their findings are told. */
    List<Checker> ALL = List.of(
            new DotsAreUnique(),
            new ValuesAreAsWritten(),
            new WritersSeeTheirWrites(),
            new AcknowledgedWritesSurvive(),
            new SiblingsAreExact(),
            new DeletesHold(),
            new ExpiryHolds(),
            new StrictReadsSeeWrites(),
            new FailedWritesStayAway(),
            new ReachableQuorumsSucceed(),
            new ReplicasConverge());

    /** Its findings, in words; none if the promise was kept. */
    List<String> violations(History history, List<FinalKey> keys);

    default String name() {
        return getClass().getSimpleName();
    }
}
