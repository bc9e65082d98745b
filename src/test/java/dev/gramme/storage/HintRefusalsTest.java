package dev.gramme.storage;

import static dev.gramme.storage.Fixture.OTHER;
import static dev.gramme.storage.Fixture.key;
import static dev.gramme.storage.Fixture.persistNow;
import static dev.gramme.storage.Fixture.settings;
import static dev.gramme.storage.Fixture.state;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.storage.PersistCallback.Outcome;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a hint is gone is believed only when a crash does not bring it back. */
class HintRefusalsTest {
    private static final int P = 1;
    private static final Mutation SET = new Mutation.SetHint(P, key(1), OTHER, state(1, "v"));
    private static final Mutation DROP = new Mutation.DropHint(P, key(1), OTHER);

    @TempDir
    private Path directory;

    private final FaultyDisk disk = new FaultyDisk();

    /** A hint is on the disk, and that it is dropped was refused. */
    private NodeStorage refused() {
        NodeStorage storage = NodeStorage.open(settings(directory), disk);
        assertEquals(Outcome.DURABLE, persistNow(storage, SET));
        assertTrue(storage.checkpoint());
        disk.free.set(0);
        assertEquals(Outcome.FULL, persistNow(storage, DROP));
        assertEquals(null, storage.hints().read(P, key(1), OTHER));
        disk.free.set(Long.MAX_VALUE);
        await().until(() -> storage.store().isWritable());
        return storage;
    }

    @Test
    void a_hint_whose_drop_was_refused_counts_as_kept_and_is_there_after_a_crash() {
        NodeStorage storage = refused();
        assertTrue(storage.hints().any(P));
        assertTrue(storage.hints().mayComeBack(P));
        assertFalse(storage.hints().any(P + 1));
        storage.crash();

        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertNotNull(again.hints().read(P, key(1), OTHER));
            assertTrue(again.hints().any(P));
            assertFalse(again.hints().mayComeBack(P));
        }
    }

    @Test
    void after_a_checkpoint_it_is_gone() {
        NodeStorage storage = refused();
        assertTrue(storage.checkpoint());
        assertFalse(storage.hints().any(P));
        storage.crash();

        try (NodeStorage again = NodeStorage.open(settings(directory))) {
            assertFalse(again.hints().any(P));
        }
    }

    @Test
    void a_hint_that_replaced_another_and_was_refused_may_come_back_as_it_was() {
        NodeStorage storage = NodeStorage.open(settings(directory), disk);
        persistNow(storage, SET);
        disk.free.set(0);
        VersionSet less = state(2, "w");
        assertEquals(Outcome.FULL, persistNow(storage, new Mutation.SetHint(P, key(1), OTHER, less)));
        assertEquals(less, storage.hints().read(P, key(1), OTHER));

        assertTrue(storage.hints().mayComeBack(P));
        storage.crash();
    }

    @Test
    void what_the_log_has_not_told_of_yet_is_not_believed_either() {
        HintRefusals refusals = new HintRefusals(2);
        PersistCallback told = refusals.noting(List.of(DROP), outcome -> {});
        assertTrue(refusals.mayComeBack(P));

        told.persisted(Outcome.DURABLE);

        assertFalse(refusals.mayComeBack(P));
        PersistCallback written = refusals.noting(List.of(SET), outcome -> {});
        assertFalse(refusals.mayComeBack(P), "what is new hides nothing");
        written.persisted(Outcome.DURABLE);
    }

    @Test
    void a_checkpoint_settles_nothing_while_what_was_refused_may_have_replaced_something_in_the_queue() {
        HintRefusals refusals = new HintRefusals(2);
        PersistCallback queued = refusals.noting(List.of(SET), outcome -> {});
        refusals.noting(List.of(DROP), outcome -> {}).persisted(Outcome.FULL);

        refusals.through(refusals.begun());
        assertTrue(refusals.mayComeBack(P));

        queued.persisted(Outcome.DURABLE);
        refusals.through(refusals.begun());
        assertFalse(refusals.mayComeBack(P));
        assertFalse(refusals.any());
    }

    @Test
    void what_is_refused_while_a_checkpoint_is_under_way_waits_for_the_next() {
        HintRefusals refusals = new HintRefusals(2);
        refusals.noting(List.of(DROP), outcome -> {}).persisted(Outcome.FULL);
        var begun = refusals.begun();
        refusals.noting(List.of(DROP), outcome -> {}).persisted(Outcome.FULL);

        refusals.through(begun);

        assertTrue(refusals.mayComeBack(P));
    }
}
