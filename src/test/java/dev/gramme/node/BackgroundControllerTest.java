package dev.gramme.node;

import static dev.gramme.node.SimulatedForeground.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.wire.Admission;
import dev.gramme.wire.BackgroundWork;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Background work against clients, on a simulated machine. */
class BackgroundControllerTest {
    private static final int SLICE = 256 << 10;
    private static final double ROOM = 32 << 20;

    private final BackgroundController controller = new BackgroundController(BackgroundPace.ADAPTIVE);
    private final SimulatedForeground machine = new SimulatedForeground(controller, 11, 3).room(ROOM);
    private final LongConsumer transfer = machine.greedy(controller.of(BackgroundWork.RANGES_GIVEN), SLICE);

    @Test
    void with_nobody_to_mind_ever_more_is_let_through_up_to_a_bound() {
        machine.clients(0, 0).pass(20, transfer);
        assertEquals(BackgroundController.MOST_BYTES_PER_SECOND, controller.perSecond());
    }

    @ParameterizedTest
    @ValueSource(doubles = {20, 200, 5_000})
    void however_many_clients_there_are_fewer_than_one_in_a_hundred_wait_for_more_than_the_limit(double clients) {
        machine.clients(clients, 0.3).pass(60);
        long quiet = machine.p99();
        machine.pass(60, transfer);
        long bytes = machine.pass(120, transfer);
        assertTrue(machine.p99() < 2.2 * quiet, "p99 " + machine.p99() + " instead of " + quiet);
        double share = bytes / 120.0 / ROOM;
        assertTrue(share > 0.02 && share < 0.6, "of the machine it took " + share);
    }

    @Test
    void without_it_the_same_clients_wait_much_longer() {
        BackgroundController unlimited = new BackgroundController(BackgroundPace.UNLIMITED);
        SimulatedForeground other =
                new SimulatedForeground(unlimited, 11, 3).room(ROOM).clients(200, 0.3);
        other.pass(60);
        long quiet = other.p99();
        Admission admission = unlimited.of(BackgroundWork.RANGES_GIVEN);
        LongConsumer asMuchAsThereIsRoomFor = now -> {
            assertTrue(admission.isOpen(now));
            assertEquals(SLICE, admission.sliceBytes(SLICE));
            admission.took(SLICE, now);
            other.did(SLICE);
        };
        other.pass(30, asMuchAsThereIsRoomFor);
        assertTrue(other.p99() > 5 * quiet, "p99 " + other.p99() + " instead of " + quiet);
        assertTrue(unlimited
                        .figures(other.now())
                        .work()
                        .get(BackgroundWork.RANGES_GIVEN)
                        .bytes()
                > 0);
    }

    @Test
    void where_clients_take_the_whole_machine_it_goes_on_at_the_least_rate() {
        machine.clients(200, 0.3).pass(60);
        machine.clients(200, 0.99).pass(20, transfer);
        long bytes = machine.pass(20, transfer);
        double perSecond = bytes / 20.0;
        assertEquals(BackgroundController.LEAST_BYTES_PER_SECOND, perSecond, 0.1 * perSecond);
    }

    @Test
    void it_gives_way_within_seconds_and_comes_back_when_clients_go() {
        machine.clients(200, 0.1).pass(60);
        machine.pass(60, transfer);
        double before = controller.perSecond();
        machine.clients(200, 0.9).pass(3, transfer);
        assertTrue(controller.perSecond() < before / 2, "from " + before + " to " + controller.perSecond());
        machine.clients(0, 0).pass(20, transfer);
        assertTrue(controller.perSecond() > before, "from " + before + " to " + controller.perSecond());
    }

    @Test
    void what_is_usual_is_learnt_and_a_slow_start_forgotten() {
        assertEquals(10 * MILLI, controller.signal(Foreground.GETS).limit());
        machine.clients(500, 0).pass(1, now -> controller.felt(Foreground.GETS, 400 * MILLI, now));
        assertEquals(500 * MILLI, controller.signal(Foreground.GETS).limit());
        machine.pass(60);
        long p99 = machine.p99();
        long limit = controller.signal(Foreground.GETS).limit();
        assertEquals(2 * p99, limit, 0.3 * 2 * p99);
    }

    @Test
    void who_knows_nothing_of_its_clients_begins_at_the_least_rate() {
        long bytes = machine.clients(200, 0.3).pass(2, transfer);
        assertEquals(BackgroundController.LEAST_BYTES_PER_SECOND, bytes / 2.0, 0.3 * bytes);
    }

    @Test
    void a_newcomer_with_a_slow_disk_does_not_stay_at_the_least_rate_for_want_of_a_quiet_time() {
        BackgroundController newcomer = new BackgroundController(BackgroundPace.ADAPTIVE);
        SimulatedForeground slow =
                new SimulatedForeground(newcomer, 3, 30).room(ROOM).clients(50, 0.1);
        LongConsumer taken = slow.greedy(newcomer.of(BackgroundWork.RANGES_TAKEN), SLICE);
        slow.pass(25, taken);
        assertEquals(BackgroundController.LEAST_BYTES_PER_SECOND, newcomer.perSecond(), 0.2 * newcomer.perSecond());
        slow.pass(120, taken);
        assertTrue(
                newcomer.perSecond() > 3 * BackgroundController.LEAST_BYTES_PER_SECOND,
                "it is " + newcomer.perSecond());
    }

    @Test
    void a_newcomer_that_was_idle_before_its_join_takes_the_slow_first_answers_for_nothing_usual() {
        machine.clients(0, 0).pass(90);
        machine.clients(200, 0.3).pass(20, transfer, now -> controller.felt(Foreground.PUTS, 150 * MILLI, now));
        assertEquals(20 * MILLI, controller.signal(Foreground.PUTS).limit());
    }

    @Test
    void a_load_that_passes_does_not_change_what_was_measured_in_quiet() {
        machine.clients(200, 0.3).pass(60);
        long limit = controller.signal(Foreground.GETS).limit();
        machine.clients(200, 0.99).pass(60, transfer);
        machine.clients(200, 0.3).pass(60, transfer);
        assertEquals(limit, controller.signal(Foreground.GETS).limit());
    }

    @Test
    void what_was_not_learnt_in_quiet_is_forgotten_in_the_first_quiet_time() {
        BackgroundController newcomer = new BackgroundController(BackgroundPace.ADAPTIVE);
        SimulatedForeground slow =
                new SimulatedForeground(newcomer, 3, 30).room(ROOM).clients(50, 0.1);
        slow.pass(60, slow.greedy(newcomer.of(BackgroundWork.RANGES_TAKEN), SLICE));
        assertTrue(newcomer.signal(Foreground.GETS).limit() > 100 * MILLI);
        slow.clients(0, 0).pass(10);
        newcomer.felt(Foreground.GETS, MILLI, slow.now());
        assertEquals(10 * MILLI, newcomer.signal(Foreground.GETS).limit());
    }

    @Test
    void what_is_slow_when_it_is_quiet_is_borne() {
        BackgroundController patient = new BackgroundController(BackgroundPace.ADAPTIVE);
        SimulatedForeground slow =
                new SimulatedForeground(patient, 3, 60).room(ROOM).clients(200, 0.1);
        slow.pass(60);
        LongConsumer some = slow.greedy(patient.of(BackgroundWork.HINTS), SLICE);
        slow.pass(60, some);
        assertTrue(patient.perSecond() > BackgroundController.FIRST_BYTES_PER_SECOND, "it is " + patient.perSecond());
    }

    @Test
    void reads_that_became_slow_are_not_hidden_among_writes_that_always_are() {
        LongConsumer writes = now -> controller.felt(Foreground.PUTS, 80 * MILLI, now);
        machine.clients(200, 0.1).pass(60, writes);
        assertEquals(200 * MILLI, controller.signal(Foreground.PUTS).limit(), 40 * MILLI);
        machine.pass(20, transfer, writes);
        double before = controller.perSecond();
        machine.pass(3, transfer, writes, now -> controller.felt(Foreground.GETS, 100 * MILLI, now));
        assertTrue(controller.perSecond() < before / 4, "from " + before + " to " + controller.perSecond());
    }

    @Test
    void a_few_writes_among_many_reads_do_not_keep_the_rate_where_it_is() {
        machine.clients(1_000, 0.1).pass(60);
        double[] due = {0};
        machine.pass(5, transfer, now -> {
            due[0] += 0.01;
            if (due[0] >= 1) {
                due[0]--;
                controller.felt(Foreground.PUTS, 5 * MILLI, now);
            }
        });
        assertTrue(
                controller.perSecond() > 2 * BackgroundController.FIRST_BYTES_PER_SECOND,
                "it is " + controller.perSecond());
    }

    @Test
    void a_loop_that_is_behind_slows_it_down_where_no_client_asks() {
        machine.clients(0, 0).pass(20);
        machine.pass(20, transfer);
        double before = controller.perSecond();
        machine.pass(2, transfer, now -> controller.felt(Foreground.QUEUED_EVENTS, 500, now));
        double queued = controller.perSecond();
        assertTrue(queued < before / 100, "from " + before + " to " + queued);
        machine.pass(20, transfer);
        machine.pass(2, transfer, now -> controller.felt(Foreground.LATE_TICKS, 90 * MILLI, now));
        assertTrue(controller.perSecond() < before / 100, "from " + before + " to " + controller.perSecond());
    }

    @Test
    void kinds_of_work_have_the_same_share_however_greedy_and_however_many_do_them() {
        LongConsumer[] users = new LongConsumer[7];
        users[0] = transfer;
        for (int i = 1; i < 5; i++) {
            users[i] = machine.greedy(controller.of(BackgroundWork.EXCHANGES), SLICE);
        }
        users[5] = machine.greedy(controller.of(BackgroundWork.SCRUB), 4 << 10);
        users[6] = machine.greedy(controller.of(BackgroundWork.HINTS), 64 << 10);
        machine.clients(200, 0.3).pass(60);
        machine.pass(60, users);
        Map<BackgroundWork, BackgroundFigures.Work> work =
                controller.figures(machine.now()).work();
        long all =
                work.values().stream().mapToLong(BackgroundFigures.Work::bytes).sum();
        for (BackgroundWork kind : new BackgroundWork[] {
            BackgroundWork.RANGES_GIVEN, BackgroundWork.EXCHANGES, BackgroundWork.SCRUB, BackgroundWork.HINTS
        }) {
            double share = work.get(kind).bytes() / (double) all;
            assertEquals(0.25, share, 0.05, kind + " of " + work);
        }
    }

    @Test
    void who_comes_late_gets_its_share_from_then_on_and_no_more() {
        machine.clients(200, 0.3).pass(60);
        machine.pass(60, transfer);
        long before = bytes(BackgroundWork.RANGES_GIVEN);
        machine.pass(20, transfer, machine.greedy(controller.of(BackgroundWork.BACKUP), SLICE));
        double backup = bytes(BackgroundWork.BACKUP);
        double meanwhile = bytes(BackgroundWork.RANGES_GIVEN) - before;
        assertEquals(1, backup / meanwhile, 0.2);
    }

    @Test
    void who_asks_no_more_keeps_nobody_waiting() {
        machine.clients(200, 0.3).pass(60);
        Admission gone = controller.of(BackgroundWork.SCRUB);
        machine.pass(1, transfer);
        assertFalse(gone.isOpen(machine.now()));
        assertTrue(machine.pass(1, transfer) > BackgroundController.LEAST_BYTES_PER_SECOND / 2);
    }

    @Test
    void one_huge_slice_keeps_the_others_waiting_for_two_seconds_at_most() {
        machine.clients(200, 0.3).pass(60);
        Admission huge = controller.of(BackgroundWork.RANGES_TAKEN);
        assertTrue(huge.isOpen(machine.now()));
        huge.took(1L << 30, machine.now());
        assertEquals(0, machine.pass(1.9, transfer));
        assertTrue(machine.pass(0.2, transfer) > 0);
    }

    @Test
    void slices_are_small_where_little_is_let_through() {
        Admission admission = controller.of(BackgroundWork.RANGES_GIVEN);
        machine.clients(200, 0.3).pass(60);
        assertEquals(
                (int) BackgroundController.FIRST_BYTES_PER_SECOND / BackgroundController.SLICES_A_SECOND,
                admission.sliceBytes(SLICE));
        machine.clients(200, 0.99).pass(20, transfer);
        assertEquals(
                (int) BackgroundController.LEAST_BYTES_PER_SECOND / BackgroundController.SLICES_A_SECOND,
                admission.sliceBytes(SLICE));
        assertEquals(1_000, admission.sliceBytes(1_000));
        machine.clients(0, 0).pass(20, transfer);
        assertEquals(SLICE, admission.sliceBytes(SLICE));
    }

    @Test
    void a_few_bytes_now_and_then_leave_it_quiet() {
        machine.clients(200, 0.3);
        Admission admission = controller.of(BackgroundWork.EXCHANGES);
        machine.pass(60, now -> admission.took(31, now));
        assertTrue(controller.signal(Foreground.GETS).quietTail() > 0);
        assertEquals(0, controller.figures(machine.now()).lowered());
    }

    private long bytes(BackgroundWork work) {
        return controller.figures(machine.now()).work().get(work).bytes();
    }
}
