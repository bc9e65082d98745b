package dev.gramme.sim;

import dev.gramme.node.BackgroundControl;
import dev.gramme.node.Foreground;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.Admission;
import dev.gramme.wire.BackgroundWork;

/** Mutants of who admits background work. */
final class BrokenControl {
    private BrokenControl() {}

    /** One kind of work never has its turn. */
    record KindStarves(BackgroundWork kind) implements Tampering {
        @Override
        public BackgroundControl background(NodeId self, BackgroundControl control) {
            return new ChangedControl(control, kind) {
                @Override
                boolean isOpen(Admission admission, long nowNanos) {
                    return false;
                }
            };
        }
    }

    /** One kind of work goes on whatever clients feel. */
    record KindGoesOn(BackgroundWork kind) implements Tampering {
        @Override
        public BackgroundControl background(NodeId self, BackgroundControl control) {
            return new ChangedControl(control, kind) {
                @Override
                boolean isOpen(Admission admission, long nowNanos) {
                    return true;
                }
            };
        }
    }

    private abstract static class ChangedControl implements BackgroundControl {
        private final BackgroundControl control;
        private final BackgroundWork kind;

        ChangedControl(BackgroundControl control, BackgroundWork kind) {
            this.control = control;
            this.kind = kind;
        }

        abstract boolean isOpen(Admission admission, long nowNanos);

        @Override
        public void felt(Foreground what, long value, long nowNanos) {
            control.felt(what, value, nowNanos);
        }

        @Override
        public Admission of(BackgroundWork work) {
            Admission admission = control.of(work);
            return work != kind ? admission : changed(admission);
        }

        private Admission changed(Admission admission) {
            return new Admission() {
                @Override
                public boolean isOpen(long nowNanos) {
                    return ChangedControl.this.isOpen(admission, nowNanos);
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
}
