package dev.gramme.cli;

import dev.gramme.antientropy.MerkleTree;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.Message;
import dev.gramme.wire.StateCodec;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A file with the records of one partition: eight bytes that say so, then pages ({@link BackupPage}), each after its length in four bytes; the last says that it is complete. Its
 * name bears the root of the Merkle tree over its records, so a file once written never changes, and an equal partition has an equal name.
 */
final class BackupFile {
    /** A page of more is none of ours: one state of the largest kind beside a full page. */
    static final int MAX_PAGE_BYTES = 16 << 20;

    private static final byte[] MAGIC = "GRAMMEB1".getBytes(StandardCharsets.US_ASCII);
    private static final int PAGE_BYTES = 256 << 10;

    private BackupFile() {}

    /**
     * What a whole file holds.
     *
     * @param root of the tree over its records
     */
    record Facts(long records, long bytes, String sha256, long root) {}

    static String name(int partition, long root) {
        return String.format(Locale.ROOT, "p%04d-%016x.gb", partition, root);
    }

    /** The tree over a partition's records, as its owners keep it. */
    static void addTo(MerkleTree tree, Message.RangeEntry record, int partitions) {
        tree.add(
                MerkleTree.leafOf(record.key().token(), partitions),
                MerkleTree.entryHash(record.key().token(), record.digest()));
    }

    /** What is done with each page of a file. */
    interface Pages {
        void page(BackupPage page, byte[] bytes) throws IOException;
    }

    /**
     * Reads a whole file and checks everything in it: each page's checksum, that each state can be read, that each key is of the partition, that nothing is missing at the end.
     *
     * @throws IOException naming the file and what is wrong
     */
    static Facts read(Path file, int partition, int partitions, Pages pages) throws IOException {
        MerkleTree tree = new MerkleTree();
        long records = 0;
        try (DigestInputStream hashed = new DigestInputStream(
                        new BufferedInputStream(Files.newInputStream(file)), ImportRecord.sha256());
                DataInputStream in = new DataInputStream(hashed)) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new MalformedException("it is no file of a backup");
            }
            boolean complete = false;
            while (!complete) {
                byte[] bytes = nextPage(in);
                BackupPage page = BackupPage.decode(bytes);
                if (!page.states()) {
                    throw new MalformedException("a page has no states");
                }
                for (Message.RangeEntry each : page.records()) {
                    if (each.key().token().partition(partitions) != partition) {
                        throw new MalformedException(each.key() + " is not of partition " + partition);
                    }
                    addTo(tree, each, partitions);
                }
                records += page.records().size();
                pages.page(page, bytes);
                complete = page.complete();
            }
            if (in.read() >= 0) {
                throw new MalformedException("something follows its last page");
            }
            String sha256 = HexFormat.of().formatHex(hashed.getMessageDigest().digest());
            return new Facts(records, Files.size(file), sha256, tree.root());
        } catch (MalformedException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static byte[] nextPage(DataInputStream in) throws IOException {
        byte[] length = in.readNBytes(Integer.BYTES);
        int bytes = length.length < Integer.BYTES ? -1 : ByteBuffer.wrap(length).getInt();
        if (bytes < 0 || bytes > MAX_PAGE_BYTES) {
            throw new MalformedException("a page's length is cut short or wrong");
        }
        byte[] page = in.readNBytes(bytes);
        if (page.length < bytes) {
            throw new MalformedException("its end is missing");
        }
        return page;
    }

    /** Writes a file under a name for the time being; under its own when it is whole and on the disk. */
    static final class Writer implements Closeable {
        private final int partition;
        private final int partitions;
        private final Path directory;
        private final Path unfinished;
        private final FileChannel channel;
        private final DataOutputStream out;
        private final MerkleTree tree = new MerkleTree();
        private List<Message.RangeEntry> page = new ArrayList<>();
        private long pageBytes;
        private long records;

        Writer(Path directory, int partition, int partitions) throws IOException {
            this.partition = partition;
            this.partitions = partitions;
            this.directory = directory;
            this.unfinished = directory.resolve(String.format(Locale.ROOT, "p%04d.part", partition));
            this.channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            this.out = new DataOutputStream(Channels.newOutputStream(channel));
            out.write(MAGIC);
        }

        void add(Message.RangeEntry record) throws IOException {
            long bytes = StateCodec.sizeHint(record.state());
            if (!page.isEmpty() && pageBytes + bytes > PAGE_BYTES) {
                writePage(false);
            }
            page.add(record);
            pageBytes += bytes + record.key().name().size();
            records++;
            addTo(tree, record, partitions);
        }

        private void writePage(boolean last) throws IOException {
            byte[] bytes = new BackupPage(true, page, last).encode();
            out.writeInt(bytes.length);
            out.write(bytes);
            page = new ArrayList<>();
            pageBytes = 0;
        }

        boolean isEmpty() {
            return records == 0;
        }

        /** The whole file, under its own name and on the disk. */
        Path finish() throws IOException {
            writePage(true);
            channel.force(true);
            channel.close();
            Path whole = directory.resolve(name(partition, tree.root()));
            Files.move(unfinished, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return whole;
        }

        /** What was not finished is gone. */
        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(unfinished);
        }
    }

    /** Opened for nothing but to be put on the disk: a directory's entries too. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What a check alone does with pages. */
    static void nothing(BackupPage page, byte[] bytes) {}
}
