package dev.gramme.sim;

import dev.gramme.node.BackgroundControl;
import dev.gramme.node.Foreground;
import dev.gramme.ring.NodeId;
import dev.gramme.sim.history.History;
import dev.gramme.wire.Admission;
import dev.gramme.wire.BackgroundWork;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Nobody works in the background who was not admitted: a slice is taken in the very event in which the controller let it through. That is so of the kinds of
 * work whose slices are read at once; the others' come later, from other nodes.
 */
final class AdmittedWork {
    private static final Set<BackgroundWork> AT_ONCE =
            EnumSet.of(BackgroundWork.RANGES_GIVEN, BackgroundWork.HINTS, BackgroundWork.BACKUP);

    private final List<String> findings = new ArrayList<>();

    List<String> findings() {
        return findings;
    }

    /** A node's control, with somebody who looks on. */
    BackgroundControl watched(NodeId node, BackgroundControl control) {
        return new BackgroundControl() {
            @Override
            public void felt(Foreground what, long value, long nowNanos) {
                control.felt(what, value, nowNanos);
            }

            @Override
            public Admission of(BackgroundWork work) {
                return new Watched(node, work, control.of(work));
            }
        };
    }

    private final class Watched implements Admission {
        private final NodeId node;
        private final BackgroundWork work;
        private final Admission admission;
        private long admittedNanos = Long.MIN_VALUE;

        Watched(NodeId node, BackgroundWork work, Admission admission) {
            this.node = node;
            this.work = work;
            this.admission = admission;
        }

        @Override
        public boolean isOpen(long nowNanos) {
            boolean isOpen = admission.isOpen(nowNanos);
            admittedNanos = isOpen ? nowNanos : admittedNanos;
            return isOpen;
        }

        @Override
        public int sliceBytes(int mostBytes) {
            return admission.sliceBytes(mostBytes);
        }

        @Override
        public void took(long bytes, long nowNanos) {
            if (AT_ONCE.contains(work) && admittedNanos != nowNanos) {
                findings.add("AdmittedWork: " + node + " took " + bytes + " bytes of " + work + " at "
                        + History.seconds(nowNanos) + " of its own time, for which it was not admitted");
            }
            admission.took(bytes, nowNanos);
        }
    }
}
