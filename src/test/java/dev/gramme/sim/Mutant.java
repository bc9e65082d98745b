package dev.gramme.sim;

import dev.gramme.sim.Tampering.AfterCrash;
import dev.gramme.sim.history.AcknowledgedWritesSurvive;
import dev.gramme.sim.history.Checker;
import dev.gramme.sim.history.DeletesHold;
import dev.gramme.sim.history.DotsAreUnique;
import dev.gramme.sim.history.ExpiryHolds;
import dev.gramme.sim.history.FailedWritesStayAway;
import dev.gramme.sim.history.ReachableQuorumsSucceed;
import dev.gramme.sim.history.SiblingsAreExact;
import dev.gramme.sim.history.StrictReadsSeeWrites;
import dev.gramme.sim.history.ValuesAreAsWritten;
import dev.gramme.sim.history.WritersSeeTheirWrites;
import dev.gramme.wire.BackgroundWork;
import java.util.function.Supplier;

/** One broken rule each, and the checker that must notice. */
enum Mutant {
    ACKNOWLEDGED_BEFORE_FORCED(
            "everybody crashes at once", AcknowledgedWritesSurvive.class, AcknowledgedBeforeForced::new),
    HINTS_LOST_AT_RESTART("fallbacks crash", AcknowledgedWritesSurvive.class, HintsLostAtRestart::new),
    OLD_ACTORS_AFTER_A_CRASH(
            "disks stall, then nodes crash",
            AcknowledgedWritesSurvive.class,
            () -> new ActorsAfterCrash(AfterCrash.OLD_ACTORS)),
    OLD_DOTS_AFTER_A_CRASH("crashes", DotsAreUnique.class, () -> new ActorsAfterCrash(AfterCrash.OLD_BLOCKS)),
    FALLBACKS_MINT_AS_OWNERS(
            "one node flaps", AcknowledgedWritesSurvive.class, BrokenStates.FallbacksMintAsOwners::new),
    HINT_ACTOR_STAYS("one node flaps", AcknowledgedWritesSurvive.class, BrokenStates.HintActorStays::new),
    DELTAS_FOR_STATES("calm", AcknowledgedWritesSurvive.class, BrokenStates.DeltasForStates::new),
    REPLICAS_OVERWRITE("crashes", AcknowledgedWritesSurvive.class, BrokenStates.ReplicasOverwrite::new),
    CONTEXT_OF_ANOTHER_KEY("calm", AcknowledgedWritesSurvive.class, BrokenRequests.ContextOfAnotherKey::new),
    CONTEXTS_IGNORED("calm", SiblingsAreExact.class, BrokenRequests.ContextsIgnored::new),
    IDEMPOTENCY_KEYS_IGNORED(
            "duplicates and retries", SiblingsAreExact.class, BrokenRequests.IdempotencyKeysIgnored::new),
    RETRIES_TOLD_TOO_LITTLE(
            "duplicates and retries", WritersSeeTheirWrites.class, BrokenStates.RetriesToldTooLittle::new),
    TOMBSTONES_COLLECTED_EARLY("partitions and crashes", DeletesHold.class, BrokenStates.TombstonesCollectedEarly::new),
    COLLECTED_WITHOUT_PROMISES(
            "deletes are forgotten past loners", DeletesHold.class, BrokenCollection.PromisedAtOnce::new),
    COLLECTED_WITHOUT_HINT_PROMISE(
            "deletes are forgotten past loners", DeletesHold.class, BrokenCollection.HintsNotCounted::new),
    OLD_STAMPS_TAKEN("deletes are forgotten", DeletesHold.class, BrokenCollection.OldStampsTaken::new),
    OLD_DISKS_BELIEVED("deletes are forgotten by old disks", DeletesHold.class, BrokenCollection.OldDisksBelieved::new),
    NOTHING_KEPT_ASIDE(
            "deletes are forgotten by old disks",
            AcknowledgedWritesSurvive.class,
            BrokenCollection.NothingKeptAside::new),
    OLD_BACKUPS_TAKEN(
            "a backup restored after deletes were forgotten", DeletesHold.class, BrokenRestore.OldBackupsTaken::new),
    BACKUPS_DATED_LATER(
            "a backup restored after deletes were forgotten", DeletesHold.class, BrokenRestore.BackupsDatedLater::new),
    EXPIRED_VALUES_SHOWN("values expire", ExpiryHolds.class, BrokenExpiry.ExpiredValuesShown::new),
    EXPIRY_FORGOTTEN("values expire", ExpiryHolds.class, BrokenExpiry.ExpiryForgotten::new),
    LIVES_CUT_SHORT("values expire", ExpiryHolds.class, BrokenExpiry.LivesCutShort::new),
    REPLACED_WRITES_FORGOTTEN(
            "crashes on a flaky network", DeletesHold.class, BrokenStates.ReplacedWritesForgotten::new),
    READS_OF_ONE_REPLICA("halves and loners", StrictReadsSeeWrites.class, BrokenRequests.ReadsOfOneReplica::new),
    NO_FALLBACKS("crashes", ReachableQuorumsSucceed.class, BrokenRequests.NoFallbacks::new),
    INDETERMINATE_TOLD_AS_FAILED(
            "halves and loners", FailedWritesStayAway.class, BrokenRequests.IndeterminateToldAsFailed::new),
    REPLICAS_ANSWER_BEFORE_THEY_WRITE(
            "calm", DurablePromises.class.getSimpleName(), BrokenRequests.ReplicasAnswerFirst::new),
    HINTS_NEVER_DELIVERED("crashes", "Liveness", BrokenStates.HintsNeverDelivered::new),
    ANSWERS_SWALLOWED("calm", "Liveness", BrokenRequests.AnswersSwallowed::new),
    NO_EXCHANGES("a lost disk", "Liveness", BrokenRepair.NoExchanges::new),
    WIPED_OWNERS_COUNT(
            "disks wiped one after another", Readability.class.getSimpleName(), BrokenRepair.WipedOwnersCount::new),
    WHOLE_AFTER_ONE_EXCHANGE(
            "disks wiped one after another",
            Readability.class.getSimpleName(),
            BrokenRepair.WholeAfterOneExchange::new),
    FORGOTTEN_RINGS_LOSE_NOTHING(
            "disks wiped where one node became five",
            Readability.class.getSimpleName(),
            BrokenRepair.ForgottenRingsLoseNothing::new),
    NEVER_WHOLE_AGAIN("disks wiped one after another", "Liveness", BrokenRepair.NeverWholeAgain::new),
    LEAVES_SKIPPED("a disk rolled back", "Liveness", BrokenRepair.LeavesSkipped::new),
    COUNTERS_NOT_IN_DIGESTS("a disk rolled back", "Liveness", BrokenRepair.CountersNotInDigests::new),
    CONTENTS_NOT_IN_DIGESTS("bits flip in memory", "Liveness", BrokenRepair.ContentsNotInDigests::new),
    READS_BEFORE_RECEIVED("a ring grows", Readability.class.getSimpleName(), BrokenTransfers.ReadsBeforeReceived::new),
    WRITES_TO_OLD_OWNERS_ALONE(
            "changes overtake each other",
            Readability.class.getSimpleName(),
            BrokenTransfers.WritesToOldOwnersAlone::new),
    DROPPED_AT_COMMIT("a ring grows", StrictReadsSeeWrites.class, BrokenTransfers.DroppedAtCommit::new),
    CAUGHT_UP_TOO_EARLY(
            "changes overtake each other",
            TransferPromises.class.getSimpleName(),
            BrokenTransfers.CaughtUpTooEarly::new),
    RECEIVED_BEFORE_DURABLE(
            "a ring grows", TransferPromises.class.getSimpleName(), BrokenTransfers.ReceivedBeforeDurable::new),
    LAST_PAGE_SKIPPED("a ring grows", TransferPromises.class.getSimpleName(), BrokenTransfers.LastPageSkipped::new),
    HINTS_TO_FORMER_OWNERS_DROPPED(
            "changes on both sides",
            TransferPromises.class.getSimpleName(),
            BrokenTransfers.HintsToFormerOwnersDropped::new),
    OWNERS_FORGET_WHOM_THEY_STAND_FOR(
            "changes on two small sides",
            Readability.class.getSimpleName(),
            BrokenTransfers.OwnersForgetWhomTheyStandFor::new),
    OLD_DATA_STAYS("a ring shrinks", "Liveness", BrokenTransfers.OldDataStays::new),
    ACTOR_STAYS_AFTER_DROP(
            "a ring is weighed anew", TransferPromises.class.getSimpleName(), BrokenTransfers.ActorStaysAfterDrop::new),
    RANGES_NEVER_ADMITTED("a ring grows", "Liveness", () -> new BrokenControl.KindStarves(BackgroundWork.RANGES_GIVEN)),
    EXCHANGES_NEVER_ADMITTED("a lost disk", "Liveness", () -> new BrokenControl.KindStarves(BackgroundWork.EXCHANGES)),
    CHECKSUMS_NOT_LOOKED_AT("bits flip in files", ValuesAreAsWritten.class, ChecksumsNotLookedAt::new),
    RESTORED_AS_NEW_WRITES("a restored backup", DeletesHold.class, BrokenRestore::new),
    HINTS_NOT_BEHIND_CLIENTS(
            "crashes", AdmittedWork.class.getSimpleName(), () -> new BrokenControl.KindGoesOn(BackgroundWork.HINTS));

    private final String scenario;
    private final String catcher;
    private final Supplier<Tampering> tampering;

    Mutant(String scenario, Class<? extends Checker> catcher, Supplier<Tampering> tampering) {
        this(scenario, catcher.getSimpleName(), tampering);
    }

    Mutant(String scenario, String catcher, Supplier<Tampering> tampering) {
        this.scenario = scenario;
        this.catcher = catcher;
        this.tampering = tampering;
    }

    Scenario scenario() {
        return Scenario.named(scenario);
    }

    /** How the finding begins that must be there. */
    String catcher() {
        return catcher;
    }

    /** A new one for each run. */
    Tampering tampering() {
        return tampering.get();
    }

    private record AcknowledgedBeforeForced() implements Tampering {
        @Override
        public boolean acknowledgesBeforeForce() {
            return true;
        }
    }

    private record HintsLostAtRestart() implements Tampering {
        @Override
        public boolean losesHintsAtRestart() {
            return true;
        }
    }

    private record ChecksumsNotLookedAt() implements Tampering {
        @Override
        public boolean readsPastChecksums() {
            return true;
        }
    }

    private record ActorsAfterCrash(AfterCrash afterCrash) implements Tampering {}
}
