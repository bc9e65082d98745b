package dev.gramme.sim;

import dev.gramme.node.BackgroundControl;
import dev.gramme.node.Foreground;
import dev.gramme.wire.Admission;
import dev.gramme.wire.BackgroundWork;

/** A node whose clients need all its time now and then, for seconds: no background work is admitted then. */
final class BusyNode implements BackgroundControl {
    private static final long SPELL_NANOS = 4_000_000_000L;
    private static final int ONE_SPELL_IN = 5;

    private final BackgroundControl control;
    private final long seed;

    /** @param seed of when it is busy */
    BusyNode(BackgroundControl control, long seed) {
        this.control = control;
        this.seed = seed;
    }

    private boolean isBusy(long nowNanos) {
        long spell = Math.floorDiv(nowNanos, SPELL_NANOS);
        return Math.floorMod(
                        Long.rotateLeft((spell ^ seed) * 0x9E3779B97F4A7C15L, 29) * 0xBF58476D1CE4E5B9L >>> 33,
                        ONE_SPELL_IN)
                == 0;
    }

    @Override
    public void felt(Foreground what, long value, long nowNanos) {
        control.felt(what, value, nowNanos);
    }

    @Override
    public Admission of(BackgroundWork work) {
        Admission admission = control.of(work);
        return new Admission() {
            @Override
            public boolean isOpen(long nowNanos) {
                return !isBusy(nowNanos) && admission.isOpen(nowNanos);
            }

            @Override
            public int sliceBytes(int mostBytes) {
                return admission.sliceBytes(mostBytes);
            }

            @Override
            public void took(long bytes, long nowNanos) {
                admission.took(bytes, nowNanos);
            }
        };
    }
}
