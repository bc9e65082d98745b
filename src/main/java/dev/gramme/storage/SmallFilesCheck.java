package dev.gramme.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Reads the small files of a running node. What they say it knows by heart: a damaged one is copied aside and written anew. */
final class SmallFilesCheck implements Check {
    /** Writes a file anew. */
    interface Rewriting {
        void run() throws IOException;
    }

    private final DataDirectory directory;
    private final SortedMap<String, Rewriting> files;
    private final Consumer<String> damaged;

    /**
     * @param files by name
     * @param damaged told a sentence each
     */
    SmallFilesCheck(DataDirectory directory, SortedMap<String, Rewriting> files, Consumer<String> damaged) {
        this.directory = directory;
        this.files = files;
        this.damaged = damaged;
    }

    @Override
    public Slice next() {
        List<Finding> found = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<String, Rewriting> one : files.entrySet()) {
            Path file = directory.root().resolve(one.getKey());
            try {
                byte[] content = AtomicFile.read(file);
                if (content == null) {
                    throw new NoSuchFileException(file + " is missing");
                }
                bytes += content.length;
            } catch (IOException broken) {
                String what = String.valueOf(broken.getMessage());
                mend(file, one.getValue());
                damaged.accept(what);
                found.add(Finding.now(file, -1, what));
            }
        }
        return new Slice(files.size() - found.size(), bytes, false, found);
    }

    private void mend(Path file, Rewriting rewriting) {
        try {
            if (Files.exists(file)) {
                directory.copyAside(file);
            }
            rewriting.run();
        } catch (IOException failure) {
            throw new UncheckedIOException(file + " is damaged, and could not be written anew", failure);
        }
    }
}
