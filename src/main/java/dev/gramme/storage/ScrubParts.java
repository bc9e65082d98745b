package dev.gramme.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a scrub reads, by number: the partitions' files, then the file of hints, the log, and the small files together. */
final class ScrubParts {
    private enum Other {
        HINTS,
        LOG,
        SMALL_FILES
    }

    private final StorageSettings settings;
    private final DataDirectory directory;
    private final PartitionStores files;
    private final StateStore states;
    private final HintFile hints;
    private final LogWriter log;
    private final Checkpointer checkpointer;
    private final Damage damage;
    private final SortedMap<String, SmallFilesCheck.Rewriting> own;

    /** @param own small files of the storage's parts, and how they are written anew */
    ScrubParts(
            StorageSettings settings,
            DataDirectory directory,
            PartitionStores files,
            StateStore states,
            HintFile hints,
            LogWriter log,
            Checkpointer checkpointer,
            Damage damage,
            SortedMap<String, SmallFilesCheck.Rewriting> own) {
        this.settings = settings;
        this.directory = directory;
        this.files = files;
        this.states = states;
        this.hints = hints;
        this.log = log;
        this.checkpointer = checkpointer;
        this.damage = damage;
        this.own = own;
    }

    int count() {
        return settings.partitions() + Other.values().length;
    }

    boolean holds(int part) {
        return part >= settings.partitions() || (files.has(part) && !states.hidesFile(part));
    }

    /** @param blobs of the small files, those that others keep here */
    Check check(int part, SortedMap<String, byte[]> blobs) {
        if (!holds(part)) {
            return () -> Slice.NOTHING;
        }
        if (part < settings.partitions()) {
            return new PartitionCheck(files, directory.partition(part), part, settings.partitions());
        }
        return switch (Other.values()[part - settings.partitions()]) {
            case HINTS -> new HintCheck(hints, directory.hints());
            case LOG -> new LogCheck(segments(), directory.identity().store(), this::logDamaged);
            case SMALL_FILES -> new SmallFilesCheck(directory, smallFiles(blobs), damage::tellMended);
        };
    }

    /** Without those that are known to be damaged. */
    private List<LogRecovery.Segment> segments() {
        return log.written().stream()
                .filter(segment -> !checkpointer.keepsAside(segment.file()))
                .toList();
    }

    private void logDamaged(Path segment, String what) {
        checkpointer.keepAside(segment);
        damage.tellMended(what);
    }

    private SortedMap<String, SmallFilesCheck.Rewriting> smallFiles(SortedMap<String, byte[]> blobs) {
        SortedMap<String, SmallFilesCheck.Rewriting> all = new TreeMap<>(own);
        all.put("identity", directory::rewriteIdentity);
        if (checkpointer.hasMarked()) {
            all.put("checkpoint", checkpointer::want);
        }
        blobs.forEach((name, blob) ->
                all.put(name, () -> AtomicFile.write(directory.root().resolve(name), blob)));
        return all;
    }
}
