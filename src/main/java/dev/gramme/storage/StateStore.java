package dev.gramme.storage;

import dev.gramme.replica.ReplicaStore;
import dev.gramme.replica.StoreBrokenException;
import dev.gramme.ring.Key;
import dev.gramme.storage.PartitionTable.Drop;
import dev.gramme.storage.PartitionTable.Layer;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.KeyDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this node holds as an owner: unapplied states in memory over a cache over the partitions' files. */
final class StateStore implements ReplicaStore {
    private static final System.Logger LOG = System.getLogger(StateStore.class.getName());

    private final PartitionStores files;
    private final PartitionTable[] tables;
    private final StateCache[] caches;
    /** By partition, how often its file had been moved aside, or a drop undone, when its states in the caches were forgotten last. Each is its loop's alone. */
    private final int[] forgottenLosses;

    private final AtomicLong ownBytes = new AtomicLong();
    private final BooleanSupplier writable;
    /** By partition, how far what the file has forgotten was collected. */
    private final AtomicLongArray appliedEpochs;
    /** By partition, the collection epoch that the checkpoint's mark on the disk has. */
    private final AtomicLongArray markedEpochs;

    private final StoredTrees trees;
    private final Promises promises;

    /**
     * @param unappliedBytes counted up and down here and elsewhere
     * @param mark by partition, what {@link #epochsToMark} and {@link #promises} were when they were last written down
     */
    StateStore(
            PartitionStores files,
            StorageSettings settings,
            AtomicLong unappliedBytes,
            CheckpointMark mark,
            BooleanSupplier writable) {
        this.files = files;
        this.writable = writable;
        this.tables = new PartitionTable[settings.partitions()];
        this.appliedEpochs = new AtomicLongArray(settings.partitions());
        this.markedEpochs = new AtomicLongArray(settings.partitions());
        for (int i = 0; i < tables.length; i++) {
            long epoch = mark.epochs().getOrDefault(i, 0L);
            appliedEpochs.set(i, epoch);
            markedEpochs.set(i, epoch);
            tables[i] = new PartitionTable(unappliedBytes, ownBytes, epoch);
        }
        this.caches = new StateCache[settings.loops()];
        for (int i = 0; i < caches.length; i++) {
            caches[i] = new StateCache(settings.memory().stateCacheBytes() / caches.length);
        }
        this.forgottenLosses = new int[settings.partitions()];
        this.promises = new Promises(tables.length, mark.promises());
        this.trees = new StoredTrees(this, files, tables, caches.length);
    }

    StoredTrees trees() {
        return trees;
    }

    Promises promises() {
        return promises;
    }

    @Override
    public VersionSet read(int partition, Key key) {
        PartitionTable table = tables[partition];
        while (true) {
            Layer top = table.top();
            Unapplied newest = top.states().get(key);
            if (newest != null) {
                return newest.state == null ? VersionSet.EMPTY : newest.state;
            }
            if (!top.hidesFile()) {
                return stored(partition, key);
            }
            // Else a checkpoint has just put it into the file, and the file shows through again.
            if (top == table.top()) {
                return VersionSet.EMPTY;
            }
        }
    }

    /**
     * Without what was read from, or written to, a file that was moved aside: shown on, it would be taken for held, and never come again from another owner. And without what came with a
     * drop that was undone.
     */
    private StateCache cache(int partition) {
        StateCache cache = caches[partition % caches.length];
        int losses = files.losses(partition) + tables[partition].undone();
        if (losses != forgottenLosses[partition]) {
            forgottenLosses[partition] = losses;
            cache.forget(partition);
        }
        return cache;
    }

    private VersionSet stored(int partition, Key key) {
        StateCache cache = cache(partition);
        Unapplied cached = cache.get(key);
        if (cached != null && cached.state != null) {
            return cached.state;
        }
        byte[] record = RecordKeys.of(key);
        VersionSet stored = files.ask(partition, file -> file.read(record));
        if (stored == null) {
            return VersionSet.EMPTY;
        }
        cache.put(key, new Unapplied(partition, key.name().size(), stored));
        return stored;
    }

    /**
     * The digest of the key's state; 0 if there is none.
     *
     * @throws StoreBrokenException if the partition's store can't be read
     */
    long digest(int partition, Key key) {
        PartitionTable table = tables[partition];
        while (true) {
            Layer top = table.top();
            Unapplied newest = top.states().get(key);
            if (newest == null && !top.hidesFile()) {
                newest = cache(partition).get(key);
                byte[] record = RecordKeys.of(key);
                Long stored = newest != null ? null : files.ask(partition, file -> file.digest(record));
                return newest != null ? newest.digest : stored == null ? 0 : stored;
            }
            if (newest != null || top == table.top()) {
                return newest == null ? 0 : newest.digest;
            }
        }
    }

    @Override
    public Page scan(int partition, @Nullable Key after, int maxBytes) {
        return page(partition, after, () -> new StatePage(maxBytes));
    }

    /** A page of what follows {@code after}. */
    <P> P page(int partition, @Nullable Key after, Supplier<PartitionScan.Filling<P>> blank) {
        PartitionTable table = tables[partition];
        while (true) {
            Layer top = table.top();
            // Memory first: what a checkpoint takes out of it meanwhile is in the file by then.
            PartitionScan<P> scan = PartitionScan.of(top.states(), after, blank);
            if (!top.hidesFile()) {
                P page = files.ask(partition, scan::over);
                return page == null ? scan.alone() : page;
            }
            if (top == table.top()) {
                return scan.alone();
            }
        }
    }

    @Override
    public boolean holds(int partition) {
        Layer top = tables[partition].top();
        return !top.states().isEmpty() || (!top.hidesFile() && files.has(partition));
    }

    /** About how many bytes of states readers can find here. Any thread. */
    long bytes() {
        long bytes = ownBytes.get();
        for (int partition = 0; partition < tables.length; partition++) {
            bytes += tables[partition].top().hidesFile() ? 0 : files.bytes(partition);
        }
        return bytes;
    }

    /** Looks whether the files that should be there are, as far as readers need them. Opens none. */
    void tellMissing() {
        for (int partition = 0; partition < tables.length; partition++) {
            if (!tables[partition].top().hidesFile()) {
                files.tellMissing(partition);
            }
        }
    }

    @Override
    public boolean isWritable() {
        return writable.getAsBoolean();
    }

    /** Visible when this returns. */
    void set(int partition, Key key, VersionSet state) {
        set(partition, key, new Unapplied(partition, key.name().size(), state), null);
    }

    /** As {@link #set(int, Key, VersionSet)}, by the record that {@code drop} is of: undone with it. */
    void set(int partition, Key key, VersionSet state, Drop drop) {
        set(partition, key, new Unapplied(partition, key.name().size(), state), drop);
    }

    private void set(int partition, Key key, Unapplied entry, @Nullable Drop drop) {
        trees.changing(partition, key, entry.digest);
        if (drop == null) {
            tables[partition].set(key, entry);
        } else {
            tables[partition].set(drop, key, entry);
        }
        cache(partition).put(key, entry);
    }

    /** Visible when this returns: those of {@code keys} whose state still has the digest are gone. What can't be read stays as it is. */
    void collect(int partition, long epoch, List<KeyDigest> keys) {
        // The epoch first: what is gone may reach the file only after the epoch has reached the checkpoint's mark.
        tables[partition].collected(epoch);
        for (KeyDigest named : keys) {
            if (shows(partition, named)) {
                Key key = named.key();
                trees.changing(partition, key, 0);
                tables[partition].set(key, new Unapplied(partition, key.name().size(), null));
                cache(partition).remove(key);
            }
        }
    }

    private boolean shows(int partition, KeyDigest named) {
        try {
            return digest(partition, named.key()) == named.digest();
        } catch (StoreBrokenException broken) {
            LOG.log(System.Logger.Level.WARNING, "{0} is not collected: {1}", named.key(), broken.getMessage());
            return false;
        }
    }

    @Override
    public long collectedEpoch(int partition) {
        return tables[partition].top().epoch();
    }

    @Override
    public long promised(int partition) {
        return promises.of(partition);
    }

    /** Visible when this returns; {@link #told} is to follow. */
    Drop drop(int partition) {
        return dropped(partition, tables[partition].drop());
    }

    /** As {@link #drop}, but kept aside for people, and the collection epoch is {@code epoch} at least. */
    Drop setAside(int partition, long epoch) {
        return dropped(partition, tables[partition].setAside(epoch));
    }

    private Drop dropped(int partition, Drop drop) {
        trees.dropped(partition);
        cache(partition).forget(partition);
        return drop;
    }

    /** What became of {@code drop}: if not {@code durable}, it is undone. */
    void told(int partition, Drop drop, boolean durable) {
        tables[partition].told(drop, durable);
    }

    /** To be called before the log begins the segment that a checkpoint goes up to: drops durable by now are carried out by it. */
    void ripenDrops() {
        for (PartitionTable table : tables) {
            table.ripen();
        }
    }

    /** Whether the log still has to say what becomes of a drop. */
    boolean waitsForLog() {
        for (PartitionTable table : tables) {
            if (table.waitsForLog()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a file is there that is to be deleted. */
    boolean hasDrops() {
        for (PartitionTable table : tables) {
            if (table.top().hidesFile()) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing of the partition's file is there for readers. */
    boolean hidesFile(int partition) {
        return tables[partition].top().hidesFile();
    }

    /** Whether {@link #apply} would delete the partition's file. */
    boolean deletesFile(int partition) {
        Layer layer = tables[partition].top();
        return layer.hidesFile() && layer.isRipe();
    }

    /**
     * Brings the partition's file up to date. Throws what MVStore throws; then nothing is lost from memory.
     *
     * @return false if that must wait until the log has said what becomes of a drop, and forced it, or until the mark has the epoch of what is forgotten
     */
    boolean apply(int partition) {
        PartitionTable table = tables[partition];
        Layer layer = table.top();
        if (layer.hidesFile() && !layer.isRipe()) {
            return false;
        }
        Map<Key, Unapplied> snapshot = new LinkedHashMap<>(layer.states());
        // Asked for afterwards: it covers all that the snapshot has as forgotten.
        long epoch = layer.epoch();
        if (!layer.hidesFile() && epoch > markedEpochs.get(partition)) {
            return false;
        }
        if (layer.isAside()) {
            setAside(partition, layer);
        } else if (layer.hidesFile()) {
            files.delete(partition);
        }
        if (!snapshot.isEmpty()) {
            // In the order of the file, as the table has it: neighbours change the same page.
            files.apply(partition, snapshot);
        }
        if (layer.hidesFile() && !table.carriedOut(layer)) {
            return false;
        }
        // Only now: until it is forced, a state leaves memory at the risk of being forgotten when the file is closed by
        // a failure.
        table.remove(layer, snapshot);
        appliedEpochs.set(partition, epoch);
        return true;
    }

    private void setAside(int partition, Layer layer) {
        Map<Key, Unapplied> beneath = tables[partition].beneath(layer);
        if (!beneath.isEmpty()) {
            files.apply(partition, beneath);
        }
        files.setAside(partition);
    }

    /**
     * By partition, the collection epochs that are not 0, for the mark: no file may forget what was collected before the mark has the epoch. Else a power failure could leave
     * a file without the delete and nothing that says so: the log may not have been forced as far. The other way round does no harm.
     */
    SortedMap<Integer, Long> epochsToMark() {
        SortedMap<Integer, Long> epochs = new TreeMap<>();
        for (int partition = 0; partition < tables.length; partition++) {
            Layer layer = tables[partition].top();
            long applied = appliedEpochs.get(partition);
            // Of a drop that may be undone nothing is said yet.
            boolean mayComeBack = layer.hidesFile() && !layer.isRipe();
            long epoch = mayComeBack ? applied : Math.max(applied, layer.epoch());
            if (epoch > 0) {
                epochs.put(partition, epoch);
            }
        }
        return epochs;
    }

    /** The mark on the disk has these. */
    void marked(SortedMap<Integer, Long> epochs) {
        for (int partition = 0; partition < tables.length; partition++) {
            markedEpochs.set(partition, epochs.getOrDefault(partition, 0L));
        }
    }

    /** Whether the mark on the disk does not have the epoch of what {@link #apply} would let the file forget. */
    boolean hasEpochToMark(int partition) {
        Layer layer = tables[partition].top();
        return !layer.hidesFile() && layer.epoch() > markedEpochs.get(partition);
    }
}
