package dev.gramme.storage;

import dev.gramme.wire.ByteReader;
import dev.gramme.wire.ByteWriter;
import dev.gramme.wire.Losses;
import dev.gramme.wire.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The file {@code lacking}: of which partitions something may have been lost. Each loss is on the disk before anybody can find it; that one is mended is written
 * down by the next checkpoint, and a crash may take it back. A new directory lacks everything. Numbers of losses are this process's own.
 */
final class LackingFile implements Losses {
    private static final System.Logger LOG = System.getLogger(LackingFile.class.getName());
    static final String NAME = "lacking";
    private static final int FORMAT = 1;

    private final Path file;
    private final AtomicLongArray losses;
    /** Mended by now, each with the number of its loss, and not forced by a checkpoint yet: for the file they are lacking still. */
    private final ConcurrentMap<Integer, Long> unforced = new ConcurrentHashMap<>();
    /** Those that the file says, at least. */
    private final BitSet written = new BitSet();

    private volatile long mendableEpoch;
    private long last;

    private LackingFile(Path file, int partitions, BitSet lacking) {
        this.file = file;
        this.losses = new AtomicLongArray(partitions);
        written.or(lacking);
        lacking.stream().forEach(partition -> losses.set(partition, ++last));
    }

    /**
     * In place of what there was.
     *
     * @throws IOException if it could not be written
     */
    static void begin(Path root, BitSet lacking) throws IOException {
        write(root.resolve(NAME), lacking);
    }

    static BitSet all(int partitions) {
        BitSet all = new BitSet();
        all.set(0, partitions);
        return all;
    }

    /** @throws IOException if it is damaged or missing: then what is lacking is not known */
    static LackingFile read(Path root, int partitions) throws IOException {
        Path file = root.resolve(NAME);
        byte[] content = AtomicFile.read(file);
        if (content == null) {
            throw new IOException(file + " is missing");
        }
        try {
            ByteReader in = new ByteReader(content, 0, content.length);
            int format = in.u8("the format");
            if (format != FORMAT) {
                throw in.malformed("format " + format + " is not known");
            }
            BitSet lacking = new BitSet();
            int count = in.items("partitions", 1);
            for (int i = 0; i < count; i++) {
                lacking.set(in.count("a partition", partitions - 1));
            }
            in.end("the file " + file);
            return new LackingFile(file, partitions, lacking);
        } catch (MalformedException malformed) {
            throw new IOException(file + " is damaged: " + malformed.getMessage(), malformed);
        }
    }

    /** Everything is lacking: what was written down of it can't be read. */
    static LackingFile ofEverything(Path root, int partitions) throws IOException {
        begin(root, all(partitions));
        return new LackingFile(root.resolve(NAME), partitions, all(partitions));
    }

    private static void write(Path file, BitSet lacking) throws IOException {
        ByteWriter out = new ByteWriter(8 + 2 * lacking.cardinality());
        out.u8(FORMAT).count(lacking.cardinality());
        lacking.stream().forEach(out::count);
        AtomicFile.write(file, out.toBytes().array());
    }

    @Override
    public long of(int partition) {
        return losses.get(partition);
    }

    /** Any thread: whoever is about to take something away from readers. */
    @Override
    public synchronized void lost(int partition) {
        BitSet lacking = new BitSet();
        lacking.set(partition);
        lost(lacking);
    }

    /** As {@link #lost}, of every partition: nobody can say which. */
    synchronized void lostAll() {
        lost(all(losses.length()));
    }

    @Override
    public synchronized void lostAll(long epoch) {
        mendableEpoch = epoch;
        lostAll();
    }

    private void lost(BitSet more) {
        more.stream().forEach(partition -> losses.set(partition, ++last));
        BitSet unwritten = (BitSet) more.clone();
        unwritten.andNot(written);
        if (!unwritten.isEmpty()) {
            try {
                bringUpToDate();
            } catch (IOException failure) {
                throw new UncheckedIOException(
                        file + " could not be written: nothing is taken away from readers before it says so", failure);
            }
        }
    }

    private void bringUpToDate() throws IOException {
        BitSet lacking = now();
        // If this fails the file may be the old one or the new one: sure is only what both say.
        written.and(lacking);
        write(file, lacking);
        written.or(lacking);
    }

    private BitSet now() {
        BitSet lacking = new BitSet();
        for (int partition = 0; partition < losses.length(); partition++) {
            lacking.set(partition, losses.get(partition) != NONE || unforced.containsKey(partition));
        }
        return lacking;
    }

    @Override
    public void mended(int partition, long loss, long epoch) {
        if (epoch >= mendableEpoch && losses.get(partition) == loss) {
            unforced.put(partition, loss);
            losses.compareAndSet(partition, loss, NONE);
        }
    }

    /** Whether a checkpoint would change the file. */
    boolean isToForce() {
        return !unforced.isEmpty();
    }

    /** To be asked before a checkpoint begins. */
    Map<Integer, Long> unforced() {
        return Map.copyOf(unforced);
    }

    /**
     * A complete checkpoint has forced all that was held when it began. Not before that is a mended partition whole for good: what the log had no room for is shown, and was compared, and would be
     * gone after a crash, as would be what the log was not forced for.
     *
     * @param began {@link #unforced} when it began
     */
    void forced(Map<Integer, Long> began) {
        began.forEach(unforced::remove);
        try {
            keep();
        } catch (IOException failure) {
            // It says too much: after a crash these are compared once more, that is all.
            LOG.log(System.Logger.Level.WARNING, "the file " + file + " could not be brought up to date", failure);
        }
    }

    /** The file as it should be. */
    synchronized void rewriteFile() throws IOException {
        bringUpToDate();
    }

    /** Brings the file up to date. */
    synchronized void keep() throws IOException {
        if (!now().equals(written)) {
            bringUpToDate();
        }
    }
}
