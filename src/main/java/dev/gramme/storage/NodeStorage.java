package dev.gramme.storage;

import dev.gramme.antientropy.Trees;
import dev.gramme.handoff.HintBook;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.wire.Admissions;
import dev.gramme.wire.BackgroundWork;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Mutation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything a node keeps on its disk. {@link #store()}, {@link #hints()} and {@link #dots()} are the ports of the pure rooms: three objects,
 * because two of the ports ask different things by the same name.
 */
public final class NodeStorage implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NodeStorage.class.getName());

    private final StorageSettings settings;
    private final DataDirectory directory;
    private final Damage damage;
    private final AtomicLong unappliedBytes = new AtomicLong();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecutorService background;
    private final Dots dots;
    private final LackingFile lacking;
    private final PartitionStores files;
    private final StateStore states;
    private final HintFile hintFile;
    private final HintStore hints;
    private final Tables tables;
    private final LogRecovery.Result recovered;
    private final LogWriter writer;
    private final CommitLog log;
    private final Checkpointer checkpointer;
    private final Thread checkpointThread;
    private final ConcurrentNavigableMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();
    private final Scrub scrub;
    private final Thread scrubThread;

    private NodeStorage(StorageSettings settings, DataDirectory directory, Disk disk) throws IOException {
        this.settings = settings;
        this.directory = directory;
        this.damage = new Damage(this::statusChanged);
        this.background = Executors.newSingleThreadExecutor(task -> daemon(task, "gramme-storage-" + settings.node()));
        this.dots = new Dots(directory, background);
        this.lacking = readLacking();
        LogReach reach = readReach();
        CheckpointMark mark = readMark();
        WriteBuffers buffers = new WriteBuffers();
        this.files =
                new PartitionStores(directory, disk, settings, buffers, mark.extents(), lacking, this::storeDamaged);
        this.hintFile = new HintFile(directory, disk, settings, buffers, this::hintsDamaged);
        this.hints = new HintStore(hintFile, settings.partitions(), unappliedBytes);
        this.states = new StateStore(files, settings, unappliedBytes, mark, this::takesWrites);
        this.tables = new Tables(states, hints);
        this.recovered = LogRecovery.recover(
                directory.log(),
                directory.identity().store(),
                settings.partitions(),
                mark.firstSegment(),
                reach,
                tables::replay);
        if (!recovered.damage().isEmpty()) {
            lacking.lostAll();
            recovered.damage().forEach(this::storeDamaged);
        }
        states.tellMissing();
        tellRecovered();
        this.writer = new LogWriter(
                disk, directory.log(), settings, directory.identity().store(), reach, recovered);
        this.log = new CommitLog(writer, settings, this::isCrowded, this::statusChanged);
        this.checkpointer = new Checkpointer(
                directory,
                settings,
                writer,
                log,
                states,
                files,
                hints,
                hintFile,
                lacking,
                unappliedBytes,
                recovered.damaged(),
                mark.firstSegment());
        this.checkpointThread = daemon(checkpointer, "gramme-checkpoint-" + settings.node());
        SortedMap<String, SmallFilesCheck.Rewriting> own =
                new TreeMap<>(Map.of(LackingFile.NAME, lacking::rewriteFile, LogReach.NAME, reach::rewrite));
        ScrubParts parts =
                new ScrubParts(settings, directory, files, states, hintFile, writer, checkpointer, damage, own);
        this.scrub =
                new Scrub(directory.root().resolve("scrub"), parts.count(), parts::holds, p -> parts.check(p, blobs));
        this.scrubThread = daemon(scrub, "gramme-scrub-" + settings.node());
        scrub.runOn(scrubThread);
    }

    /**
     * Opens or creates the directory, and replays its log.
     *
     * @throws DataDirectoryException if it is in use, another node's, another cluster's, of another Q or N, of a newer format, or can't be read
     */
    public static NodeStorage open(StorageSettings settings) {
        return open(settings, Disk.REAL);
    }

    static NodeStorage open(StorageSettings settings, Disk disk) {
        DataDirectory directory = DataDirectory.open(settings, disk);
        NodeStorage storage = null;
        try {
            storage = new NodeStorage(settings, directory, disk);
            storage.log.start();
            storage.checkpointThread.start();
            storage.scrubThread.start();
            return storage;
        } catch (IOException | UncheckedIOException failure) {
            throw new DataDirectoryException(
                    "The data directory " + directory.root() + " can't be read or written: " + failure
                            + ". Check the disk, its room, and the rights on the files.",
                    failure);
        } finally {
            if (storage == null) {
                directory.close();
            }
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private CheckpointMark readMark() {
        try {
            return CheckpointMark.read(directory.root().resolve("checkpoint"));
        } catch (IOException damaged) {
            lacking.lostAll();
            storeDamaged(String.valueOf(damaged.getMessage()));
            return CheckpointMark.NONE;
        }
    }

    private LogReach readReach() throws IOException {
        try {
            return LogReach.read(directory.root());
        } catch (IOException damaged) {
            lacking.lostAll();
            storeDamaged(String.valueOf(damaged.getMessage()));
            return LogReach.begin(directory.root());
        }
    }

    private LackingFile readLacking() throws IOException {
        try {
            return LackingFile.read(directory.root(), settings.partitions());
        } catch (IOException damaged) {
            LackingFile all = LackingFile.ofEverything(directory.root(), settings.partitions());
            storeDamaged(String.valueOf(damaged.getMessage()));
            return all;
        }
    }

    private void tellRecovered() {
        if (recovered.mutations() > 0 || recovered.cutBytes() > 0) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} was not closed in order: replayed {1} mutations from its log, cut {2} bytes of an unfinished write",
                    directory.root(),
                    recovered.mutations(),
                    recovered.cutBytes());
        }
    }

    private void storeDamaged(String sentence) {
        dots.renewActor();
        damage.tell(sentence);
    }

    private void hintsDamaged(String sentence) {
        dots.renewHintActor();
        background.execute(() -> hints.recount());
        damage.tell(sentence);
    }

    /**
     * Makes mutations visible to reads at once and durable soon. Any thread, if those of one partition come from one thread. Never waits for
     * the log.
     *
     * <p>A {@link Mutation.DropPartition} that is not told DURABLE is undone: what it hid is visible again; so is a {@link Mutation.SetAside}, and what followed it in the same record is not any
     * more. All else stays visible, whatever is told. Drops
     * alone, without other mutations, are also taken while the disk is full, as long as there is any room at all: they make some.
     *
     * @param done told once, on the log's thread (or at once on this one, if the queue is full or the log broken)
     */
    public void persist(List<Mutation> mutations, PersistCallback done) {
        PersistCallback told = tables.show(mutations, done);
        if (!writer.broken().isEmpty() || closed.get()) {
            told.persisted(PersistCallback.Outcome.BROKEN);
            return;
        }
        ByteWriter encoded = MutationCodec.encode(mutations);
        boolean queued = log.append(
                encoded.array(),
                encoded.size(),
                mutations.size(),
                Tables.makesRoom(mutations),
                Mutation.mustBeForced(mutations),
                told);
        if (!queued) {
            told.persisted(PersistCallback.Outcome.FULL);
        }
    }

    /** Not while the log has to tell of a drop: until then no checkpoint can empty that partition's memory. */
    private boolean isCrowded() {
        return Checkpointer.isCrowded(unappliedBytes.get(), settings) && !states.waitsForLog();
    }

    /** Encoded mutations that may wait for the log: beyond, a persist is told FULL at once. */
    public long mostQueuedBytes() {
        return settings.memory().queuedBytes();
    }

    public ReplicaStore store() {
        return states;
    }

    /** The Merkle trees over {@link #store()}. */
    public Trees trees() {
        return states.trees();
    }

    public HintBook hints() {
        return hints;
    }

    public DotSource dots() {
        return dots;
    }

    /** Reads all that is on the disk, and tells what is damaged. */
    public Scrub scrub() {
        return scrub;
    }

    /** Of which partitions something may have been lost. */
    public Losses losses() {
        return lacking;
    }

    private boolean takesWrites() {
        return isWritable() && !Checkpointer.isFlooded(unappliedBytes.get(), settings);
    }

    private boolean isWritable() {
        return writer.isWritable() && !closed.get();
    }

    public StorageStatus status() {
        return new StorageStatus(
                isWritable(),
                writer.isFull(),
                writer.broken(),
                directory.cleanStart(),
                writer.forces(),
                writer.bytes(),
                log.queuedMutations(),
                unappliedBytes.get(),
                files.openCount(),
                checkpointer.checkpoints(),
                recovered.mutations(),
                recovered.cutBytes(),
                damage.found());
    }

    /**
     * Keeps this small blob across restarts, in place of the last. Waits for the disk.
     *
     * @throws UncheckedIOException if it could not be written; then the last one is kept
     */
    public void saveBuckets(byte[] blob) {
        save("buckets", blob);
    }

    /** The blob last saved; null if there is none, or if it is damaged, which is told. */
    public byte @Nullable [] loadBuckets() {
        try {
            return load("buckets");
        } catch (IOException damaged) {
            damage.tell(String.valueOf(damaged.getMessage()));
            return null;
        }
    }

    /** As {@link #saveBuckets}, for the ring that this node goes by. */
    public void saveTopology(byte[] blob) {
        save("topology", blob);
    }

    /** As {@link #loadBuckets}, for what {@link #saveTopology} kept. If it is damaged, everything is lacking: this node may have gone by a ring of which it knows nothing any more. */
    public byte @Nullable [] loadTopology() {
        try {
            return load("topology");
        } catch (IOException damaged) {
            lacking.lostAll();
            damage.tell(String.valueOf(damaged.getMessage()));
            return null;
        }
    }

    private void save(String file, byte[] blob) {
        try {
            AtomicFile.write(directory.root().resolve(file), blob);
            blobs.put(file, blob.clone());
        } catch (IOException failure) {
            throw new UncheckedIOException("the file " + file + " could not be kept in " + directory.root(), failure);
        }
    }

    private byte @Nullable [] load(String file) throws IOException {
        byte[] blob = AtomicFile.read(directory.root().resolve(file));
        if (blob != null) {
            blobs.put(file, blob.clone());
        }
        return blob;
    }

    /**
     * About how many bytes of states this node holds as an owner. Any thread, cheap. A partition not touched since the start counts with its file's size, which
     * may be some times more than its states.
     */
    public long storedBytes() {
        return states.bytes();
    }

    /** {@code listener} is told, on any thread, when {@code writable}, {@code broken} or {@code damage} changed. It must not wait. */
    public void onStatusChange(Runnable listener) {
        listeners.add(listener);
    }

    private void statusChanged() {
        listeners.forEach(Runnable::run);
    }

    /** Writes everything out and marks the directory as closed in order. If that fails it is said, and the next start is as after a crash. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        scrub.stop();
        checkpointer.stop();
        EndOfThread.await(scrubThread);
        EndOfThread.await(checkpointThread);
        // The log first: what is queued in it must not come after what is newer and already in a store.
        log.close();
        boolean inOrder = writer.broken().isEmpty() && checkpointer.checkpoint(false);
        inOrder = inOrder && unappliedBytes.get() == 0;
        files.close(inOrder);
        hintFile.close(inOrder);
        background.shutdown();
        try {
            if (inOrder) {
                lacking.keep();
                dots.close();
                directory.markClosed();
            }
        } catch (IOException failure) {
            inOrder = false;
            LOG.log(System.Logger.Level.WARNING, "the mark of an orderly close could not be written", failure);
        } finally {
            directory.close();
        }
        if (!inOrder) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} could not be closed in order; the next start replays its log",
                    directory.root());
        }
    }

    /** What it does in the background gives way to clients, from now on. */
    public void pacedBy(Admissions admissions) {
        checkpointer.pacedBy(admissions.of(BackgroundWork.CHECKPOINTS));
    }

    /** Brings the stores up to date now; whether that could be done. For tests, which cannot wait until it is due. */
    boolean checkpoint() {
        return checkpointer.checkpoint(false);
    }

    /** As it does by itself: giving way to clients. For tests. */
    boolean checkpointAtItsPace() {
        return checkpointer.checkpoint(true);
    }

    /** As a crash would: nothing is written any more. For tests. */
    void crash() {
        closed.set(true);
        scrub.stop();
        checkpointer.stop();
        EndOfThread.await(scrubThread);
        EndOfThread.await(checkpointThread);
        log.close();
        files.close(false);
        hintFile.close(false);
        background.shutdown();
        directory.close();
    }
}
