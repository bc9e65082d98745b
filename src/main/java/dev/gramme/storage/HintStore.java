package dev.gramme.storage;

import dev.gramme.handoff.HintBook;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.storage.RecordKeys.HintId;
import dev.gramme.version.Bytes;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.StateCodec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The hints: unapplied ones in memory over one file, and their counts by owner and partition in memory, so that nobody looks where nothing is. */
final class HintStore implements HintBook {
    private static final Bytes LEAST_NAME = Bytes.EMPTY;

    private final HintFile file;
    private final int partitions;
    private final AtomicLong unappliedBytes;
    /** Of those that are in memory. */
    private final AtomicLong ownBytes = new AtomicLong();

    private final AtomicLong ownEntries = new AtomicLong();
    private final ConcurrentSkipListMap<HintId, Unapplied> unapplied = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<NodeId, AtomicIntegerArray> counts = new ConcurrentSkipListMap<>();
    private final HintRefusals refusals;

    HintStore(HintFile file, int partitions, AtomicLong unappliedBytes) {
        this.file = file;
        this.partitions = partitions;
        this.unappliedBytes = unappliedBytes;
        this.refusals = new HintRefusals(partitions);
        recount();
    }

    HintRefusals refusals() {
        return refusals;
    }

    private void count(long bytes, int entries) {
        unappliedBytes.addAndGet(bytes);
        ownBytes.addAndGet(bytes);
        ownEntries.addAndGet(entries);
    }

    /** Each hint counts as much as any other, in the file or in memory: to know better, all would have to be read at each start. */
    @Override
    public long bytes(NodeId owner) {
        double entries = Math.max(1, file.records() + ownEntries.get());
        return (long) (total(owner) / entries * (file.liveBytes() + ownBytes.get()));
    }

    private long total(NodeId owner) {
        AtomicIntegerArray waiting = counts.get(owner);
        long total = 0;
        for (int i = 0; waiting != null && i < partitions; i++) {
            total += waiting.get(i);
        }
        return total;
    }

    /** Counts anew what the file and the memory hold. */
    void recount() {
        counts.clear();
        file.forEachId(id -> {
            if (id.partition() < partitions && !unapplied.containsKey(id)) {
                countsOf(id.owner()).incrementAndGet(id.partition());
            }
        });
        unapplied.forEach((id, entry) -> {
            if (entry.state != null) {
                countsOf(id.owner()).incrementAndGet(id.partition());
            }
        });
    }

    private AtomicIntegerArray countsOf(NodeId owner) {
        return counts.computeIfAbsent(owner, o -> new AtomicIntegerArray(partitions));
    }

    void set(int partition, Key key, NodeId owner, VersionSet state) {
        HintId id = new HintId(owner, partition, key);
        boolean isNew = !exists(id);
        hold(id, state);
        if (isNew) {
            countsOf(owner).incrementAndGet(partition);
        }
    }

    void drop(int partition, Key key, NodeId owner) {
        HintId id = new HintId(owner, partition, key);
        if (exists(id)) {
            hold(id, null);
            countsOf(owner).decrementAndGet(partition);
        }
    }

    private void hold(HintId id, @Nullable VersionSet state) {
        Unapplied entry = new Unapplied(id.partition(), id.key().name().size() + 64, state);
        Unapplied before = unapplied.put(id, entry);
        count(entry.bytes - (before == null ? 0 : before.bytes), before == null ? 1 : 0);
    }

    private boolean exists(HintId id) {
        AtomicIntegerArray waiting = counts.get(id.owner());
        if (waiting == null || waiting.get(id.partition()) == 0) {
            return false;
        }
        Unapplied newest = unapplied.get(id);
        return newest != null ? newest.state != null : file.contains(RecordKeys.of(id));
    }

    @Override
    public VersionSet read(int partition, Key key) {
        VersionSet merged = VersionSet.EMPTY;
        for (Map.Entry<NodeId, AtomicIntegerArray> owner : counts.entrySet()) {
            if (owner.getValue().get(partition) > 0) {
                VersionSet hinted = read(new HintId(owner.getKey(), partition, key));
                merged = hinted == null ? merged : merged.merge(hinted);
            }
        }
        return merged;
    }

    @Override
    public @Nullable VersionSet read(int partition, Key key, NodeId owner) {
        AtomicIntegerArray waiting = counts.get(owner);
        return waiting == null || waiting.get(partition) == 0 ? null : read(new HintId(owner, partition, key));
    }

    private @Nullable VersionSet read(HintId id) {
        Unapplied newest = unapplied.get(id);
        return newest != null ? newest.state : file.read(RecordKeys.of(id));
    }

    @Override
    public List<Hint> next(NodeId owner, int loop, int loops, int limit, long maxBytes) {
        AtomicIntegerArray waiting = counts.get(owner);
        if (waiting == null) {
            return List.of();
        }
        List<Hint> found = new ArrayList<>();
        long bytes = 0;
        for (int partition = loop; partition < partitions && found.size() < limit; partition += loops) {
            if (waiting.get(partition) > 0) {
                for (HintId id : first(owner, partition, limit - found.size())) {
                    VersionSet state = bytes < maxBytes ? read(id) : null;
                    if (state != null) {
                        found.add(new Hint(partition, id.key(), owner, state));
                        bytes += StateCodec.sizeHint(state);
                    }
                }
            }
        }
        return Collections.unmodifiableList(found);
    }

    /** The first {@code limit} hints of one owner and partition, in memory or in the file. */
    private List<HintId> first(NodeId owner, int partition, int limit) {
        List<HintId> ids = new ArrayList<>();
        HintId start = new HintId(owner, partition, new Key("", LEAST_NAME));
        for (Map.Entry<HintId, Unapplied> entry : unapplied.tailMap(start).entrySet()) {
            HintId id = entry.getKey();
            if (ids.size() == limit
                    || id.partition() != partition
                    || !id.owner().equals(owner)) {
                break;
            }
            if (entry.getValue().state != null) {
                ids.add(id);
            }
        }
        file.first(owner, partition, limit, id -> !unapplied.containsKey(id), ids);
        Collections.sort(ids);
        return ids.subList(0, Math.min(limit, ids.size()));
    }

    @Override
    public boolean any(int partition) {
        for (AtomicIntegerArray waiting : counts.values()) {
            if (waiting.get(partition) > 0) {
                return true;
            }
        }
        return mayComeBack(partition);
    }

    @Override
    public boolean mayComeBack(int partition) {
        return refusals.mayComeBack(partition);
    }

    @Override
    public SortedMap<NodeId, Long> counts() {
        SortedMap<NodeId, Long> totals = new TreeMap<>();
        counts.keySet().forEach(owner -> {
            long total = total(owner);
            if (total > 0) {
                totals.put(owner, total);
            }
        });
        return totals;
    }

    /** Brings the file up to date; always all of it. */
    boolean apply() {
        if (unapplied.isEmpty()) {
            return true;
        }
        SortedMap<HintId, Unapplied> snapshot = new TreeMap<>(unapplied);
        Map<byte[], Unapplied> records = new TreeMap<>(PageType.BYTES);
        snapshot.forEach((id, entry) -> records.put(RecordKeys.of(id), entry));
        file.apply(records);
        snapshot.forEach((id, entry) -> {
            if (unapplied.remove(id, entry)) {
                count(-entry.bytes, -1);
            }
        });
        return true;
    }

    /** While writing it was found that the file can't be read. */
    void moveAside(RuntimeException failure) {
        file.moveAside(new StoreBrokenException("the hint store can't be changed: " + failure, failure));
    }
}
