/**
 * Messages between nodes, as sealed records, and their binary codec.
 *
 * <p>Every message is one way; a reply carries its request's id. A message may be lost, duplicated, delayed or reordered: each
 * handler must bear that. The first byte of an encoded message is the format's version.
 */
@NullMarked
package dev.gramme.wire;

import org.jspecify.annotations.NullMarked;
