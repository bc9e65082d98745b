/**
 * Commit log, MVStores, identity: what survives a crash.
 */
@NullMarked
package dev.gramme.storage;

import org.jspecify.annotations.NullMarked;
