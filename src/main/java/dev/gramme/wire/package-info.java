/**
 * Messages between nodes, as sealed records, and everything's binary form.
 *
 * <p>Every message is one way; a reply carries its request's id. A message may be lost, duplicated, delayed or reordered: each
 * handler must bear that.
 *
 * <p>The first byte of an encoded {@linkplain dev.gramme.wire.MessageCodec message} and of a client's {@linkplain dev.gramme.wire.ContextToken context}
 * is the format's version; a {@linkplain dev.gramme.wire.StateCodec state} is a part of such a container, or of a record on disk, which carries the
 * version. Equal values have equal bytes, and bytes that say nothing, or the same in a longer way, are malformed. {@link dev.gramme.wire.ByteReader}
 * trusts no length: what is malformed ends in a {@link dev.gramme.wire.MalformedException} that says what was read and where, never in another
 * exception or an allocation larger than the input.
 */
@NullMarked
package dev.gramme.wire;

import org.jspecify.annotations.NullMarked;
