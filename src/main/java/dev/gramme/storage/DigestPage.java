package dev.gramme.storage;

import dev.gramme.antientropy.LeafPage;
import dev.gramme.antientropy.MerkleTree;
import dev.gramme.ring.Key;
import dev.gramme.wire.KeyDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The keys of one leaf with the digests of their states, for which no state is read but where a record bears none of today's kind: then no more than about so many bytes. */
final class DigestPage implements PartitionScan.Filling<LeafPage> {
    private final List<KeyDigest> entries = new ArrayList<>();
    private final int leaf;
    private final int partitions;
    private final int maxEntries;
    private final int maxBytes;
    private long bytes;

    DigestPage(int leaf, int partitions, int maxEntries, int maxBytes) {
        this.leaf = leaf;
        this.partitions = partitions;
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean isFull() {
        return entries.size() >= maxEntries || bytes >= maxBytes;
    }

    @Override
    public boolean endsBefore(Key key) {
        return MerkleTree.leafOf(key.token(), partitions) != leaf;
    }

    @Override
    public void add(Key key, Unapplied entry) {
        if (entry.state != null) {
            entries.add(new KeyDigest(key, entry.digest));
        }
    }

    @Override
    public void add(Key key, RecordFile.Cursor stored) {
        entries.add(new KeyDigest(key, stored.digest()));
        bytes = stored.digestedBytes();
    }

    @Override
    public LeafPage page(boolean complete) {
        return new LeafPage(Collections.unmodifiableList(entries), complete);
    }
}
