package dev.gramme.node;

import dev.gramme.generators.Gate;
import dev.gramme.wire.Admission;
import dev.gramme.wire.BackgroundWork;
import java.util.EnumMap;
import java.util.Map;

/** A controller of background work that does as a test says, kind by kind. */
final class Gates implements BackgroundControl {
    private final Map<BackgroundWork, Gate> gates = new EnumMap<>(BackgroundWork.class);

    Gate gate(BackgroundWork work) {
        return gates.computeIfAbsent(work, w -> new Gate());
    }

    @Override
    public Admission of(BackgroundWork work) {
        return gate(work);
    }

    @Override
    public void felt(Foreground what, long value, long nowNanos) {
        // What clients feel is for the test to say.
    }
}
