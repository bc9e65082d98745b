package dev.gramme.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node's directory: locked, and known to be the one it was.
 *
 * <p>Closing in order leaves a file {@code closed}, and in {@code identity} that file's inode, change time and birth time, which no program can set. Opening
 * compares them and deletes {@code closed}. So a directory that crashed, was copied, or was restored from a backup, whole or in part, does not
 * match and goes on with new actors. One that was closed in order and now has another such file lacks everything besides; where only the change time is another, somebody changed
 * the owner or the rights of the files. (The image of a whole disk, put back as it was, does match; a peer that knows more of our actor than we
 * do then tells, and the actor is renewed by the replica.)
 */
final class DataDirectory implements AutoCloseable {
    private static final int FORMAT_WITH_LACKING = 5;
    /** What may be in a directory whose making was interrupted; and what file systems put there. */
    private static final Set<String> LEFT_BY_A_CRASH = Set.of(
            "lock",
            "identity.new",
            LackingFile.NAME,
            LackingFile.NAME + ".new",
            LogReach.NAME,
            LogReach.NAME + ".new",
            "lost+found");

    private final Path root;
    private final FileChannel lockFile;
    private final boolean cleanStart;
    private Identity identity;

    private DataDirectory(Path root, FileChannel lockFile, boolean cleanStart, Identity identity) {
        this.root = root;
        this.lockFile = lockFile;
        this.cleanStart = cleanStart;
        this.identity = identity;
    }

    static DataDirectory open(StorageSettings settings, Disk disk) {
        Path root = settings.directory().toAbsolutePath();
        FileChannel lock = null;
        try {
            Files.createDirectories(root);
            lock = lock(root);
            DataDirectory directory = open(settings, disk, root, lock);
            lock = null;
            return directory;
        } catch (IOException failure) {
            throw new DataDirectoryException(
                    "The data directory " + root + " can't be used: " + failure
                            + ". Check that it is on a disk with room, and that this user may write there.",
                    failure);
        } finally {
            closeQuietly(lock);
        }
    }

    private static DataDirectory open(StorageSettings settings, Disk disk, Path root, FileChannel lock)
            throws IOException {
        Identity found = readIdentity(root);
        boolean clean = false;
        SecureRandom random = new SecureRandom();
        Identity next;
        if (found == null) {
            refuseForeign(root);
            // Before the identity: where that is, these are.
            LackingFile.begin(root, LackingFile.all(settings.partitions()));
            LogReach.begin(root);
            next = new Identity(
                    Identity.FORMAT,
                    settings.cluster(),
                    settings.node().name(),
                    settings.partitions(),
                    settings.replicas(),
                    random.nextLong(),
                    random.nextLong(),
                    0,
                    random.nextLong(),
                    0,
                    "");
        } else {
            check(settings, root, found);
            if (found.format() < FORMAT_WITH_LACKING) {
                LackingFile.begin(root, Quarantine.partitions(root, settings.partitions()));
                LogReach.begin(root);
            }
            ClosingMark mark = ClosingMark.of(root.resolve("closed"));
            clean = mark.is(found.closedAs());
            if (!found.closedAs().isEmpty() && !mark.isSameFile(found.closedAs())) {
                // A crash does not look like that: it was copied, or put back, and others may have gone on with it
                // since.
                LackingFile.begin(root, LackingFile.all(settings.partitions()));
            }
            next = (clean ? found : found.withActors(random.nextLong(), 0, random.nextLong(), 0))
                    .inFormat(Identity.FORMAT)
                    .closedAs("");
        }
        for (String name : new String[] {"log", "partitions"}) {
            Files.createDirectories(root.resolve(name));
        }
        // In this order: the new identity knows no mark, so the file means nothing any more, should a crash leave it;
        // without it the old one would be a copy's.
        AtomicFile.write(root.resolve("identity"), next.encode());
        Path closed = root.resolve("closed");
        if (Files.exists(closed)) {
            disk.delete(closed);
        }
        return new DataDirectory(root, lock, clean, next);
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            // The same refusal as for another process, below.
        }
        if (lock == null) {
            channel.close();
            throw new DataDirectoryException(
                    "The data directory " + root
                            + " is in use by another running node. Stop that node first, or give this one a directory of its own.");
        }
        return channel;
    }

    private static @Nullable Identity readIdentity(Path root) throws IOException {
        byte[] content;
        try {
            content = AtomicFile.read(root.resolve("identity"));
        } catch (IOException damaged) {
            throw new DataDirectoryException(
                    damaged.getMessage() + ". Put this file back from a backup, or move the directory " + root
                            + " aside and start with an empty one: the node then fills again from its replicas.",
                    damaged);
        }
        if (content == null) {
            return null;
        }
        int format = Identity.formatOf(content);
        if (format > Identity.FORMAT) {
            throw new DataDirectoryException("The data directory " + root + " has format " + format
                    + ", and this program knows formats up to " + Identity.FORMAT
                    + ". Start it with the newer Gramme that wrote it.");
        }
        return Identity.decode(content);
    }

    private static void refuseForeign(Path root) throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            String[] found = entries.map(p -> String.valueOf(p.getFileName()))
                    .filter(name -> !LEFT_BY_A_CRASH.contains(name))
                    .sorted()
                    .toArray(String[]::new);
            if (found.length > 0) {
                throw new DataDirectoryException("The data directory " + root
                        + " is not empty and has no file 'identity': it holds '" + found[0]
                        + "'. Name an empty or new directory, or put 'identity' back if this one was Gramme's.");
            }
        }
    }

    private static void check(StorageSettings settings, Path root, Identity found) {
        differ(root, "belongs to cluster", found.cluster(), settings.cluster(), "cluster name");
        differ(root, "belongs to node", found.node(), settings.node().name(), "node id");
        differ(root, "was made for Q =", found.partitions(), settings.partitions(), "number of partitions");
        differ(root, "was made for N =", found.replicas(), settings.replicas(), "number of replicas");
    }

    private static void differ(Path root, String said, Object found, Object wanted, String what) {
        if (!found.equals(wanted)) {
            throw new DataDirectoryException("The data directory " + root + " " + said + " " + found
                    + ", and this node is started with " + wanted + ". A directory's " + what
                    + " is fixed for its life: start with " + found + ", or name another directory.");
        }
    }

    Path root() {
        return root;
    }

    Path log() {
        return root.resolve("log");
    }

    Path hints() {
        return root.resolve("hints.mv");
    }

    Path partition(int partition) {
        return root.resolve("partitions").resolve(String.format(java.util.Locale.ROOT, "%04d.mv", partition));
    }

    /** Whether it was closed in order and is the same one: nothing was forgotten, the actors go on. */
    boolean cleanStart() {
        return cleanStart;
    }

    synchronized Identity identity() {
        return identity;
    }

    /** Durable when this returns. */
    synchronized void saveActors(long owner, long ownerReserved, long hint, long hintReserved) throws IOException {
        Identity next = identity.withActors(owner, ownerReserved, hint, hintReserved);
        AtomicFile.write(root.resolve("identity"), next.encode());
        identity = next;
    }

    /** Moves a damaged file out of the way and keeps it; returns where. */
    Path quarantine(Path file) throws IOException {
        Path quarantine = root.resolve("quarantine");
        Files.createDirectories(quarantine);
        Path target = unused(quarantine, String.valueOf(file.getFileName()));
        Files.move(file, target);
        Disk.forceDirectory(root);
        Disk.forceDirectory(quarantine);
        Path parent = file.getParent();
        if (parent != null) {
            Disk.forceDirectory(parent);
        }
        return target;
    }

    /** Keeps a copy of a damaged file that is about to be replaced. */
    void copyAside(Path file) throws IOException {
        Path quarantine = root.resolve("quarantine");
        Files.createDirectories(quarantine);
        Files.copy(file, unused(quarantine, String.valueOf(file.getFileName())));
    }

    private static Path unused(Path quarantine, String name) {
        Path target = quarantine.resolve(name);
        for (int n = 1; Files.exists(target); n++) {
            target = quarantine.resolve(name + "." + n);
        }
        return target;
    }

    /** The file {@code identity} as it should be. Durable when this returns. */
    synchronized void rewriteIdentity() throws IOException {
        AtomicFile.write(root.resolve("identity"), identity.encode());
    }

    /** All is applied and forced: leaves the mark that this directory was closed in order. */
    synchronized void markClosed() throws IOException {
        Path closed = root.resolve("closed");
        AtomicFile.write(closed, "closed in order".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        Identity next = identity.closedAs(ClosingMark.of(closed).text());
        AtomicFile.write(root.resolve("identity"), next.encode());
        identity = next;
    }

    @Override
    public void close() {
        closeQuietly(lockFile);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException failure) {
                System.getLogger(DataDirectory.class.getName())
                        .log(System.Logger.Level.WARNING, "the lock file could not be closed", failure);
            }
        }
    }
}
