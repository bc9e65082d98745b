package dev.gramme.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Seeds that once found a broken promise, kept with what they found. A change of the simulator shifts what a seed means, so each finding also has a test of
 * its own beside the code that was wrong.
 */
class RegressionSeedsTest {
    @ParameterizedTest(name = "{2}: seed {1} of ''{0}''")
    @CsvSource({
        "full disks, 59, a replica acknowledged a state that a full disk had refused because it saw it already",
        "full disks and crashes, 23, the same with messages that come twice and nodes that crash",
        "swarm, 1044, a hint of a stand-in and the copy of its owner were counted as two of the W",
        "swarm, 1023, a member that came back elsewhere with a clock behind its former life was never let in again",
        "swarm, 1028, the same where its former life was down for the others already",
        "swarm, 206, of two dots that one replaced write had two owners kept one each and digests did not say which: they differed for ever",
        "swarm, 260, the same with a backup restored after lost disks",
        "nodes come and go past loners, 295, the checker took a newcomer whose change never came about for a reader that is listened to",
        "nodes come and go past loners, 1, hints that a leaver had kept were refused by everybody: an acknowledged write was lost",
        "deletes are forgotten by old disks, 7, a delete that an old disk alone had acknowledged went with all that was set aside when it heard of a collection",
        "nodes come and go, 2, the same: a leaver never became empty",
        "deletes are forgotten, 58, late copies of puts that had failed were carried out by who had crashed since and did not know that it had refused them",
        "swarm, 238, a put at W = 3 was indeterminate at once because an owner by the new ring did not know yet which deletes were forgotten",
    })
    void a_seed_that_once_failed_does_not_fail_again(String scenario, long seed, String finding) {
        Simulation.Verdict verdict = Simulation.run(seed, Scenario.named(scenario), Tampering.NONE, null);
        assertTrue(verdict.findings().isEmpty(), () -> finding + ", again\n" + verdict.told());
    }
}
