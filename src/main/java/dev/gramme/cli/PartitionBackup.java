package dev.gramme.cli;

import dev.gramme.antientropy.MerkleTree;
import dev.gramme.cli.BackupSource.UnavailableException;
import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.Message;
import dev.gramme.wire.StateDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Backs one partition up: one file, with what its owners hold together.
 *
 * <p>Hints are read first, then the owners: a hint that is delivered meanwhile is then seen at its owner, if not in the book. Owners whose trees have one root hold the same, and
 * of them one is read; the others are read side by side, and a key's states merged (they are a join-semilattice, so that is what the owners will come to hold).
 */
final class PartitionBackup {
    /** Where it is torn each time an owner's disk is an older one, perhaps, and does not know that yet. */
    static final int TRIES = 3;

    private final int partition;
    private final int partitions;
    private final Path data;
    private final List<BackupSource> members;
    private final boolean allMembers;
    private final List<String> warnings = new ArrayList<>();
    private boolean hintsMissing;
    /** An owner did not give what it holds. */
    private boolean ownerMissing;

    /**
     * What became of it.
     *
     * @param file in the data directory; null if nobody holds anything of the partition
     * @param facts of the file; null without one
     * @param reused the file was there
     * @param from whose records are in it
     */
    record Result(@Nullable Path file, BackupFile.@Nullable Facts facts, boolean reused, List<String> from) {}

    /**
     * @param members those that answer
     * @param allMembers and there are no others
     */
    PartitionBackup(int partition, int partitions, Path data, List<BackupSource> members, boolean allMembers) {
        this.partition = partition;
        this.partitions = partitions;
        this.data = data;
        this.members = members;
        this.allMembers = allMembers;
    }

    /** One line each: who did not answer, and what may be missing for it. */
    List<String> warnings() {
        return warnings;
    }

    /** What was read is no older than that, by the cluster's count of collections of deletes. */
    long stamp() {
        return age().stamp(allMembers && !hintsMissing && !ownerMissing);
    }

    private PagesAge age() {
        return members.stream().map(member -> member.age(partition)).reduce(PagesAge.NONE, PagesAge::with);
    }

    /** Not all hints of a node for the partition could be read. */
    boolean hintsMissing() {
        return hintsMissing;
    }

    /** @return null if no owner answers */
    @Nullable
    Result run() throws IOException {
        Result result = read();
        // A collection took a moment of it, and is over: the file would only be good until the next one.
        for (int again = 1; again < TRIES && result != null && age().isTorn(); again++) {
            result = read();
        }
        return result;
    }

    private @Nullable Result read() throws IOException {
        members.forEach(member -> member.begin(partition));
        SortedMap<Key, VersionSet> hints = hints();
        List<BackupSource> owners = new ArrayList<>(
                members.stream().filter(node -> node.owns(partition)).toList());
        Map<Long, BackupSource> byRoot = new LinkedHashMap<>();
        List<String> same = new ArrayList<>();
        for (int i = 0; i < owners.size(); i++) {
            // Each partition begins with another of its owners: all are read from equally.
            BackupSource owner = owners.get((i + partition) % owners.size());
            try {
                byRoot.putIfAbsent(root(owner), owner);
                same.add(owner.id());
            } catch (UnavailableException e) {
                ownerMissing = true;
                warnings.add("partition " + partition + ": " + e.getMessage());
            }
        }
        if (byRoot.isEmpty()) {
            return null;
        }
        if (byRoot.size() == 1 && hints.isEmpty()) {
            Result there = existing(byRoot.keySet().iterator().next(), same);
            if (there != null) {
                return there;
            }
        }
        return fetch(new ArrayList<>(byRoot.values()), hints);
    }

    private SortedMap<Key, VersionSet> hints() {
        SortedMap<Key, VersionSet> hints = new TreeMap<>();
        for (BackupSource node : members) {
            if (node.hasHints()) {
                try {
                    BackupPage page = node.hints(partition);
                    page.records().forEach(hint -> hints.merge(hint.key(), hint.state(), VersionSet::absorb));
                    if (!page.complete()) {
                        hintsMissing = true;
                        warnings.add(
                                "partition " + partition + ": " + node.id()
                                        + " keeps more hints for other nodes than it gives at once: those beyond are not in this backup");
                    }
                } catch (UnavailableException e) {
                    hintsMissing = true;
                    warnings.add("partition " + partition + ": hints of " + e.getMessage());
                }
            }
        }
        return hints;
    }

    private long root(BackupSource owner) throws UnavailableException {
        MerkleTree tree = new MerkleTree();
        owner.digests(partition, record -> BackupFile.addTo(tree, record, partitions));
        return tree.root();
    }

    private @Nullable Result existing(long root, List<String> owners) {
        if (root == 0) {
            return new Result(null, null, true, owners);
        }
        Path file = data.resolve(BackupFile.name(partition, root));
        if (!Files.exists(file)) {
            return null;
        }
        try {
            BackupFile.Facts facts = BackupFile.read(file, partition, partitions, BackupFile::nothing);
            if (facts.root() == root) {
                return new Result(file, facts, true, owners);
            }
            warnings.add(file + " does not hold what its name says, and is fetched again");
        } catch (IOException damaged) {
            warnings.add(damaged.getMessage() + "; it is fetched again");
        }
        return null;
    }

    /** Of owners that hold different things; one that fails in the middle is left out. */
    private @Nullable Result fetch(List<BackupSource> owners, SortedMap<Key, VersionSet> hints) throws IOException {
        while (!owners.isEmpty()) {
            List<Reading> readings = new ArrayList<>();
            owners.forEach(owner -> readings.add(new Reading(owner.states(partition))));
            try (BackupFile.Writer writer = new BackupFile.Writer(data, partition, partitions)) {
                write(readings, new TreeMap<>(hints), writer);
                List<String> from = owners.stream().map(BackupSource::id).toList();
                if (writer.isEmpty()) {
                    return new Result(null, null, false, from);
                }
                Path file = writer.finish();
                return new Result(file, BackupFile.read(file, partition, partitions, BackupFile::nothing), false, from);
            } catch (UnavailableException e) {
                ownerMissing = true;
                warnings.add("partition " + partition + ": " + e.getMessage());
                readings.stream()
                        .filter(reading -> reading.failed)
                        .forEach(reading -> owners.remove(reading.cursor.source()));
            }
        }
        return null;
    }

    private static void write(List<Reading> readings, TreeMap<Key, VersionSet> hints, BackupFile.Writer writer)
            throws UnavailableException, IOException {
        PriorityQueue<Reading> next = new PriorityQueue<>((a, b) -> a.key().compareTo(b.key()));
        for (Reading reading : readings) {
            if (reading.advance()) {
                next.add(reading);
            }
        }
        while (!next.isEmpty() || !hints.isEmpty()) {
            Key key = next.isEmpty()
                            || (!hints.isEmpty()
                                    && hints.firstKey().compareTo(next.peek().key()) < 0)
                    ? hints.firstKey()
                    : next.peek().key();
            VersionSet state = hints.remove(key);
            while (!next.isEmpty() && next.peek().key().equals(key)) {
                Reading reading = next.remove();
                state = state == null ? reading.state() : state.absorb(reading.state());
                if (reading.advance()) {
                    next.add(reading);
                }
            }
            if (state == null) {
                throw new IllegalStateException("a key without a state: " + key);
            }
            writer.add(new Message.RangeEntry(key, StateDigest.of(state), state));
        }
    }

    /** Where the reading of one owner is. */
    private static final class Reading {
        final BackupSource.Cursor cursor;
        private Message.@Nullable RangeEntry record;
        boolean failed;

        Reading(BackupSource.Cursor cursor) {
            this.cursor = cursor;
        }

        boolean advance() throws UnavailableException {
            failed = true;
            record = cursor.next();
            failed = false;
            return record != null;
        }

        Key key() {
            return current().key();
        }

        VersionSet state() {
            return current().state();
        }

        private Message.RangeEntry current() {
            if (record == null) {
                throw new IllegalStateException("it has ended");
            }
            return record;
        }
    }
}
