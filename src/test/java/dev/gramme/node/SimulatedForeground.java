package dev.gramme.node;

import dev.gramme.wire.Admission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;

/**
 * Clients of a machine that background work shares with them: a queue with so much room (M/M/1), whose answers take the longer the less of it is left. By a clock of
 * its own and from one seed.
 */
final class SimulatedForeground {
    static final long MILLI = 1_000_000;
    static final long TICK = DataPlane.TICK_MILLIS * MILLI;

    /** What a tick of every user does after its turn was asked for. */
    private final BackgroundController controller;

    private final Random dice;
    private final double idleMillis;
    /** The machine does so much, of background work alone. */
    private double roomBytesPerSecond;

    private double requestsPerSecond;
    /** Of the machine that clients take. */
    private double load;

    private double recentBytes;
    private long tookBytes;
    private long now = -7_000 * MILLI;
    private double due;
    private final List<Long> waits = new ArrayList<>();

    SimulatedForeground(BackgroundController controller, long seed, double idleMillis) {
        this.controller = controller;
        this.dice = new Random(seed);
        this.idleMillis = idleMillis;
    }

    SimulatedForeground clients(double perSecond, double share) {
        requestsPerSecond = perSecond;
        load = share;
        return this;
    }

    SimulatedForeground room(double bytesPerSecond) {
        roomBytesPerSecond = bytesPerSecond;
        return this;
    }

    long now() {
        return now;
    }

    /** What one user takes as long as it may. @param mostBytes at once */
    LongConsumer greedy(Admission admission, int mostBytes) {
        return nowNanos -> {
            while (admission.isOpen(nowNanos)) {
                int slice = admission.sliceBytes(mostBytes);
                admission.took(slice, nowNanos);
                did(slice);
            }
        };
    }

    void did(long bytes) {
        recentBytes += bytes;
        tookBytes += bytes;
    }

    /** Lets so much time pass, in which users do what they may. Gives the bytes that they took. */
    long pass(double seconds, LongConsumer... users) {
        waits.clear();
        long before = tookBytes;
        List<LongConsumer> order = new ArrayList<>(List.of(users));
        for (long end = now + (long) (seconds * 1_000 * MILLI); now < end; ) {
            now += TICK;
            // What was done weighs for a tenth of a second.
            recentBytes -= recentBytes * TICK / (100.0 * MILLI);
            double busy = load + recentBytes * 10 / roomBytesPerSecond;
            controller.felt(Foreground.LATE_TICKS, 0, now);
            for (due += requestsPerSecond * TICK / (1_000.0 * MILLI); due >= 1; due--) {
                double mean = idleMillis / Math.max(0.02, 1 - Math.min(busy, 1));
                long wait = (long) (-mean * StrictMath.log(1 - dice.nextDouble()) * MILLI);
                waits.add(wait);
                controller.felt(Foreground.GETS, wait, now);
            }
            Collections.shuffle(order, dice);
            order.forEach(user -> user.accept(now));
        }
        return tookBytes - before;
    }

    /** Of the time that passed last. */
    long p99() {
        List<Long> sorted = waits.stream().sorted().toList();
        return sorted.get(sorted.size() * 99 / 100);
    }
}
