package dev.gramme.coordinator;

import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.PutOutcome;

/** Where the coordinator puts what it wants done, answers to this node's clients among it. */
public interface Answers extends Outbox {
    void putDone(long request, PutOutcome outcome);

    void getDone(long request, GetOutcome outcome);
}
