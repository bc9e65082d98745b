package dev.gramme.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Topology;
import dev.gramme.wire.RingProgress;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each rule of the agreement is needed: without it the checks of {@link RingAgreementTest} find something. */
class RingMutantsTest {
    private static final int MOST_SEEDS = Integer.getInteger("gramme.ring.mutant.seeds", 400);
    private static final int ROUNDS = 60;

    @Test
    void a_lock_that_is_not_honoured_is_found() {
        assertFound(RingOperator.Hazards.MISTAKES, new PhaseRule() {
            @Override
            boolean mayLeave(Topology mine, Proposal proposal, boolean locked, SortedMap<NodeId, RingProgress> told) {
                return true;
            }
        });
    }

    @Test
    void a_ring_that_settles_when_all_are_locked_is_found() {
        assertFound(RingOperator.Hazards.MILD, new Stepping() {
            @Override
            Step instead(Step step, @Nullable Phase phase, Work work) {
                return step == Step.READ ? Step.SETTLE : step;
            }
        });
    }

    @Test
    void a_phase_told_before_writes_under_the_old_ring_are_answered_is_found() {
        assertFound(RingOperator.Hazards.MILD, new Stepping() {
            @Override
            Step instead(Step step, @Nullable Phase phase, Work work) {
                return step == Step.WAIT && phase == null ? Step.PREPARE : step;
            }
        });
    }

    @Test
    void ranges_that_are_not_waited_for_are_found() {
        assertFound(RingOperator.Hazards.MILD, new PhaseRule() {
            @Override
            Step next(
                    @Nullable Phase phase,
                    boolean transferring,
                    boolean reading,
                    Work work,
                    @Nullable Phase everybody) {
                return super.next(phase, transferring, reading, new Work(work.caughtUp(), true), everybody);
            }
        });
    }

    @Test
    void transfers_that_begin_before_all_write_to_both_rings_are_found() {
        assertFound(RingOperator.Hazards.MILD, new PhaseRule() {
            @Override
            Step next(
                    @Nullable Phase phase,
                    boolean transferring,
                    boolean reading,
                    Work work,
                    @Nullable Phase everybody) {
                boolean early = phase == Phase.PREPARED;
                return super.next(phase, transferring, reading, work, early ? Phase.PREPARED : everybody);
            }
        });
    }

    @Test
    void the_word_of_members_that_a_proposal_does_not_need_is_found() {
        assertFound(RingOperator.Hazards.MISTAKES, new PhaseRule() {
            @Override
            boolean mayLeave(Topology mine, Proposal proposal, boolean locked, SortedMap<NodeId, RingProgress> told) {
                return super.mayLeave(mine, proposal, locked, told)
                        || told.values().stream()
                                .anyMatch(progress -> progress.proposal() != null
                                        && progress.settled() == proposal.base()
                                        && progress.proposal().supersedes(proposal.id()));
            }
        });
    }

    @Test
    void a_phase_that_counts_for_another_proposal_is_found() {
        assertFound(RingOperator.Hazards.MILD, new PhaseRule() {
            @Override
            @Nullable
            Phase everybody(Proposal proposal, Collection<NodeId> needed, SortedMap<NodeId, RingProgress> told) {
                Phase least = Phase.READY;
                for (NodeId node : needed) {
                    Phase phase = told.getOrDefault(node, RingProgress.NONE).phase();
                    if (phase == null) {
                        return null;
                    }
                    least = phase.isAtLeast(least) ? least : phase;
                }
                return least;
            }
        });
    }

    @Test
    void a_member_that_nobody_waits_for_though_it_is_needed_is_found() {
        assertFound(RingOperator.Hazards.DEATHS, new PhaseRule() {
            @Override
            @Nullable
            Phase everybody(Proposal proposal, Collection<NodeId> needed, SortedMap<NodeId, RingProgress> told) {
                TreeSet<NodeId> all = new TreeSet<>(needed);
                all.pollLast();
                return super.everybody(proposal, all, told);
            }
        });
    }

    @Test
    void a_disk_that_lies_is_found() {
        String found = "";
        for (long seed = 0; seed < MOST_SEEDS && found.isEmpty(); seed++) {
            RingWorld world = new RingWorld(seed, PhaseRule.UNANIMITY);
            world.lyingDisks = true;
            found = run(world, RingOperator.Hazards.MILD);
        }
        assertTrue(!found.isEmpty(), "nothing was found in " + MOST_SEEDS + " seeds");
    }

    /** A rule in which one step is taken in place of another. */
    private abstract static class Stepping extends PhaseRule {
        abstract Step instead(Step step, @Nullable Phase phase, Work work);

        @Override
        Step next(@Nullable Phase phase, boolean transferring, boolean reading, Work work, @Nullable Phase everybody) {
            return instead(super.next(phase, transferring, reading, work, everybody), phase, work);
        }
    }

    private static void assertFound(RingOperator.Hazards hazards, PhaseRule mutant) {
        String found = "";
        long seed = 0;
        for (; seed < MOST_SEEDS && found.isEmpty(); seed++) {
            found = run(new RingWorld(seed, mutant), hazards);
        }
        assertTrue(!found.isEmpty(), "nothing was found in " + MOST_SEEDS + " seeds");
    }

    private static String run(RingWorld world, RingOperator.Hazards hazards) {
        RingOperator operator = new RingOperator(world, hazards);
        operator.trouble(ROUNDS);
        if (world.checks.broken().isEmpty()) {
            operator.convergence();
        }
        return world.checks.broken().isEmpty() ? "" : world.checks.broken().get(0);
    }
}
