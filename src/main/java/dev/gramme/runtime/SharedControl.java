package dev.gramme.runtime;

import dev.gramme.node.BackgroundControl;
import dev.gramme.wire.Admission;
import dev.gramme.wire.BackgroundWork;

/** One controller of background work for all threads of a node: each question takes less than a microsecond, so a lock will do. */
final class SharedControl implements BackgroundControl {
    private final BackgroundControl control;

    SharedControl(BackgroundControl control) {
        this.control = control;
    }

    @Override
    public synchronized void answered(long nanos, long nowNanos) {
        control.answered(nanos, nowNanos);
    }

    @Override
    public synchronized void ticked(long lateNanos, long nowNanos) {
        control.ticked(lateNanos, nowNanos);
    }

    @Override
    public synchronized Admission of(BackgroundWork work) {
        return new Shared(control.of(work));
    }

    private final class Shared implements Admission {
        private final Admission admission;

        Shared(Admission admission) {
            this.admission = admission;
        }

        @Override
        public boolean isOpen(long nowNanos) {
            synchronized (SharedControl.this) {
                return admission.isOpen(nowNanos);
            }
        }

        @Override
        public void took(long bytes, long nowNanos) {
            synchronized (SharedControl.this) {
                admission.took(bytes, nowNanos);
            }
        }
    }
}
