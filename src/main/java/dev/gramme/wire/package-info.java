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
 *
 * <p><b>Formats.</b> A message's first byte is the oldest format that can say it, its second its type: that much is the same in every format for all time. So
 * N works beside N+1, and nothing has to be agreed on:
 * <ul>
 *   <li>Within a format nothing changes: no type, no part of a message, no order, no constant of an enum. There are no optional tails: unknown trailing bytes are
 *       malformed, because a reader that skips what it does not know would pass on, and keep, less than it was given.
 *   <li>A new type, a new part or a new constant raises {@link dev.gramme.wire.MessageCodec#FORMAT}, and {@link dev.gramme.wire.MessageCodec#formatOf} says of
 *       exactly those messages that need it. All others go on with the bytes that they had. The tests hold the bytes of each format fixed.
 *   <li>A member says in its record which format is the newest it understands. A sender sends it nothing newer: such a message is undeliverable at once. Of whom
 *       nothing is known is taken to understand the oldest; so the first words between strangers stay in that format.
 *   <li>What comes in a newer format all the same is skipped, counted and told on both sides ({@link dev.gramme.wire.UnsupportedMessageException}); what came with
 *       it in the same frame is taken. So is the rest of a frame with a malformed message: the seal held, so it is a bug, not an attacker.
 *   <li>Format 2 says of values, and of those of a bucket, that they expire ({@link dev.gramme.wire.TimeToLive}), and beside a ring its lineage; and it has the messages of anti-entropy.
 *   <li>Format 3 says of an answer that who gives it lacks something ({@link dev.gramme.wire.Losses}).
 *   <li>Format 4 says how old what is told is, by the count of collections of deletes ({@link dev.gramme.wire.Stamps}); and it has the messages of collections.
 *   <li>Format 5 says of a put that is passed on for which life of its receiver it is meant; and members that understand it begin stamps with a date ({@link dev.gramme.wire.StampDates}): deletes are collected when all do.
 *   <li>What a {@linkplain dev.gramme.wire.StateDigest digest} is made of is no part of a format. It was once of dots alone: between a program whose digests are and this one, exchanges find every
 *       key different, and pass it, and merge it to what it was; reads are sent the states that they might have been spared.
 *   <li>A program reads the format before its own. A cluster is upgraded one format at a time, in any order of nodes.
 * </ul>
 */
@NullMarked
package dev.gramme.wire;

import org.jspecify.annotations.NullMarked;
