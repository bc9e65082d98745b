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
            List<Dot> expected = dots(key.merged());
            for (Map.Entry<NodeId, VersionSet> owner : key.owners().entrySet()) {
                if (!dots(owner.getValue().resolve(key.policy())).equals(expected)) {
                    found.add("owner " + owner.getKey() + " still holds " + dots(owner.getValue()) + " with context "
                            + owner.getValue().context() + " in the end: " + key.told(history));
                }
            }
            for (Read read : key.reads()) {
                if (!(read.outcome() instanceof GetOutcome.Read answer)) {
                    found.add("the healed cluster did not answer " + read);
                } else if (!dots(answer.versions()).equals(expected)) {
                    found.add("read through " + read.asked() + " at R=" + read.r() + " shows " + dots(answer.versions())
                            + ": " + key.told(history));
                }
            }
        }
        return found;
    }

    private static List<Dot> dots(VersionSet state) {
        return state.siblings().stream().map(Version::dot).toList();
    }
}
