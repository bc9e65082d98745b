package dev.gramme.runtime;

import dev.gramme.node.BackgroundControl;
import dev.gramme.node.BackgroundController;
import dev.gramme.node.BackgroundFigures;
import dev.gramme.node.Foreground;
import dev.gramme.wire.Admission;
import dev.gramme.wire.BackgroundWork;

/** One controller of background work for all threads of a node: each question takes less than a microsecond, so a lock will do. */
final class SharedControl implements BackgroundControl {
    private final BackgroundController controller;

    SharedControl(BackgroundController controller) {
        this.controller = controller;
    }

    @Override
    public synchronized void felt(Foreground what, long value, long nowNanos) {
        controller.felt(what, value, nowNanos);
    }

    synchronized BackgroundFigures figures() {
        return controller.figures(System.nanoTime());
    }

    @Override
    public synchronized Admission of(BackgroundWork work) {
        return new Shared(controller.of(work));
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
        public int sliceBytes(int mostBytes) {
            synchronized (SharedControl.this) {
                return admission.sliceBytes(mostBytes);
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
