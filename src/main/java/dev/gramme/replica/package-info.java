/**
 * Applying reads and writes at a replica: minting dots, merging, deleting.
 */
@NullMarked
package dev.gramme.replica;

import org.jspecify.annotations.NullMarked;
