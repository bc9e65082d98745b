package dev.gramme.antientropy;

import dev.gramme.wire.KeyDigest;
import java.util.List;

/**
 * Some of the keys of one leaf, in the order of keys.
 *
 * @param complete no key of the leaf follows the last one
 */
public record LeafPage(List<KeyDigest> entries, boolean complete) {}
