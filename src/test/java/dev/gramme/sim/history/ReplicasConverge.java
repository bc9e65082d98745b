package dev.gramme.sim.history;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.GetOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** After the faults, hints and anti-entropy bring every owner to one state, and every read through any node shows it. */
public final class ReplicasConverge implements Checker {
    @Override
    public List<String> violations(History history, List<FinalKey> keys) {
        List<String> found = new ArrayList<>();
        for (FinalKey key : keys) {
            List<Version> forgotten = history.forgotten().versions(key.key(), Long.MAX_VALUE);
            List<Dot> expected = dots(key.merged(), forgotten);
            for (Map.Entry<NodeId, VersionSet> owner : key.owners().entrySet()) {
                if (!dots(owner.getValue().resolve(key.policy()), forgotten).equals(expected)) {
                    found.add("owner " + owner.getKey() + " still holds " + dots(owner.getValue(), forgotten)
                            + " with context " + owner.getValue().context() + " in the end: " + key.told(history));
                }
            }
            for (Read read : key.reads()) {
                if (!(read.outcome() instanceof GetOutcome.Read answer)) {
                    found.add("the healed cluster did not answer " + read);
                } else if (!dots(answer.versions(), forgotten).equals(expected)) {
                    found.add("read through " + read.asked() + " at R=" + read.r() + " shows "
                            + dots(answer.versions(), forgotten) + ": " + key.told(history));
                }
            }
        }
        return found;
    }

    /** But for those that are being forgotten, which some hold and others do not any more. */
    private static List<Dot> dots(VersionSet state, List<Version> forgotten) {
        List<Dot> gone = forgotten.stream().map(Version::dot).toList();
        return state.siblings().stream()
                .map(Version::dot)
                .filter(dot -> !gone.contains(dot))
                .toList();
    }
}
