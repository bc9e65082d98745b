package dev.gramme.sim;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import dev.gramme.version.Content;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Bits that flip in the values of a node. */
final class Flips {
    private Flips() {}

    private static final int MOST = 8;

    /** Below the checksum: in files, in records with values of which the log says nothing more. Nothing happens if there are none. */
    static void belowTheChecksum(SimNode node, Randomness dice) {
        List<Map.Entry<Key, VersionSet>> records = recordsWithValues(node);
        dice.shuffle(records);
        int flips = Math.min(records.size(), 1 + dice.below(MOST));
        for (Map.Entry<Key, VersionSet> record : records.subList(0, flips)) {
            Key key = record.getKey();
            node.note("has a bit flip in its record of " + key);
            VersionSet read =
                    flipped(record.getValue(), dice.pick(record.getValue().values()), dice);
            node.disk().bad().add(node.world().partitionOf(key), key, read);
        }
    }

    /** Above the checksum: in the node's memory, before a record's checksum was made, so that nothing here is wrong with it. */
    static void aboveTheChecksum(SimNode node, Randomness dice) {
        List<Map.Entry<Key, VersionSet>> records = recordsWithValues(node);
        dice.shuffle(records);
        int flips = Math.min(records.size(), 1 + dice.below(MOST));
        for (Map.Entry<Key, VersionSet> record : List.copyOf(records.subList(0, flips))) {
            Key key = record.getKey();
            Version victim = dice.pick(record.getValue().values());
            node.note("has kept another value of " + key + " as " + victim.dot() + " than was written");
            node.world().history().ledger().altered(victim.dot());
            VersionSet kept = flipped(record.getValue(), victim, dice);
            node.disk().alter(new Mutation.SetState(node.world().partitionOf(key), key, kept));
        }
    }

    private static List<Map.Entry<Key, VersionSet>> recordsWithValues(SimNode node) {
        List<Map.Entry<Key, VersionSet>> records = new ArrayList<>();
        Tables durable = node.disk().durable();
        for (int partition : durable.partitions()) {
            for (Map.Entry<Key, VersionSet> record :
                    durable.partition(partition).entrySet()) {
                VersionSet visible = node.disk().visible().state(record.getKey());
                if (!record.getValue().values().isEmpty() && visible.equals(record.getValue())) {
                    records.add(record);
                }
            }
        }
        return records;
    }

    /** The same state, but for one bit of one value. */
    private static VersionSet flipped(VersionSet state, Version victim, Randomness dice) {
        List<Version> siblings = new ArrayList<>(state.siblings());
        siblings.replaceAll(sibling -> sibling.equals(victim) ? flipped(sibling, dice) : sibling);
        return new VersionSet(state.context(), siblings, state.replaced());
    }

    private static Version flipped(Version version, Randomness dice) {
        Content content = version.content();
        byte[] value = content.value().array().clone();
        value[dice.below(value.length)] ^= (byte) (1 << dice.below(8));
        Content other = new Content(
                content.tombstone(),
                Bytes.of(value),
                content.contentType(),
                content.metadata(),
                content.idempotencyKey(),
                content.expiresMillis());
        return new Version(version.dot(), version.time(), other, version.contiguous());
    }
}
