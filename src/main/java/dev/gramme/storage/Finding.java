package dev.gramme.storage;

import java.nio.file.Path;

/**
 * Damage that a scrub found.
 *
 * @param file as it was called when it was read
 * @param offset of the bytes that were read last, or of what is damaged; -1 where the file as a whole is
 * @param what a sentence
 */
public record Finding(Path file, long offset, String what, long foundMillis) {
    static Finding now(Path file, long offset, String what) {
        return new Finding(file, offset, what, System.currentTimeMillis());
    }
}
