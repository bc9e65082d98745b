package dev.gramme.sim.history;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.List;
import java.util.SortedMap;

/**
 * One key after everything was healed.
 *
 * @param lastWriteWins the bucket's policy; else siblings are kept
 * @param merged what all replicas and hints held together, resolved
 * @param owners what each owner held after the last reads
 * @param reads the last reads, at R = N, through different nodes
 */
public record FinalKey(
        Key key, boolean lastWriteWins, VersionSet merged, SortedMap<NodeId, VersionSet> owners, List<Read> reads) {
    ConflictPolicy policy() {
        return lastWriteWins ? ConflictPolicy.LAST_WRITE_WINS : ConflictPolicy.SIBLINGS;
    }

    /** Its siblings as the ledger knows them, for messages. */
    public String told(History history) {
        StringBuilder text = new StringBuilder();
        for (Version sibling : merged.siblings()) {
            text.append(text.isEmpty() ? "" : ", ").append(history.ledger().get(sibling.dot()));
        }
        return key + " ends as [" + text + "] with context " + merged.context();
    }
}
