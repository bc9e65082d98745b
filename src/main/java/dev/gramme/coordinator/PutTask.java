package dev.gramme.coordinator;

import dev.gramme.ring.Key;
import dev.gramme.wire.PutCommand;

/**
 * A put to be done.
 *
 * @param needed W
 */
record PutTask(Asker asker, PutCommand command, int partition, int needed, long deadlineNanos) {
    Key key() {
        return command.key();
    }
}
