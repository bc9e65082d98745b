/**
 * How deletes are forgotten: the protocol of {@link dev.gramme.antientropy.TombstoneCollection}, and a model of it that is held against many seeds.
 *
 * <p><b>The danger.</b> A tombstone is what keeps a deleted value dead: whoever meets an older copy of the key merges it with the tombstone. Who has forgotten the
 * tombstone takes the copy for news. Older copies may be at an owner that missed the delete, in any member's hint book, in the memory of an operation that is under way at any
 * member (also an answered one that lingers), in a message that waits in a queue or comes twice, at a disk that is put back to an earlier time. No age is a bound for
 * any of them. A client's retry is bounded by age: that is what {@code collectAfterMillis} is for.
 *
 * <p><b>Stamps.</b> Of each partition, a member goes by a stamp. An operation has the stamp under which it began, and what it sends bears it; of a get, the lowest of its own and of
 * those of the answers it rests on. An owner's <em>epoch</em> is the stamp of the last collection it carried out. A member's <em>promise</em>, which is on its disk before it is told,
 * says: but for what this node holds as an owner, nothing here is older than that stamp. Hints are delivered under the promise.
 *
 * <p><b>A round</b> has a stamp that no other round has, higher than any that an owner goes by.
 * <ol>
 *   <li>All N owners confirm what of theirs is nothing but deletes (or expired), with digests. What all hold alike are the candidates.
 *   <li>Only then all members are asked to go by the round's stamp. Each promises when all that it began under an older stamp is over and its hint book has nothing for the
 *       partition. One that goes by a higher stamp already refuses: the round is over.
 *   <li>When all have promised, the owners are told to commit: in one record each forgets those candidates whose digest is still the one confirmed, and its epoch is the round's
 *       stamp.
 * </ol>
 *
 * <p><b>Who takes what.</b> An owner merges nothing whose stamp is lower than its epoch; a fallback keeps and coordinates nothing whose stamp is lower than its promise. Who is
 * refused was not heard: it stands in elsewhere, as for a silent node. A read counts no answer whose stamp is lower than an epoch that it has heard of.
 *
 * <p><b>Why nothing comes back.</b> Let an owner forget a candidate in round g. When the first member went by g, all owners held the tombstone, and an owner's state only grows until it
 * commits. So an operation that began under g has its news from owners (with the tombstone, or committed, and then without the old copy), from clients, or from hints and answers, whose
 * stamps it then bears if they are lower. What began before g is over everywhere, and what it left behind, in queues and in late messages, bears a stamp below g: owners that have
 * committed refuse it, and fallbacks that have promised do, so that no hint made of it can be delivered under g. An owner that has not committed still holds the tombstone, and takes the
 * old copy for what it is.
 *
 * <p><b>Why nothing is lost.</b> What an owner refuses was sent by an operation that is over: it did not count this owner, and each owner was told or stood for, by hints
 * that were delivered before their keepers promised. Only what is still as confirmed is forgotten: a key that was written again meanwhile has another digest.
 *
 * <p><b>What fails in between.</b> Each confirmation is of a fact that stays true, so a round can be broken off anywhere, repeated, led by two, and committed by some owners alone: those
 * that have not committed hold tombstones that the others lack, repair brings these back, and a later round forgets them. A member that is down holds rounds up and
 * nothing else: space is given up, never safety.
 *
 * <p><b>Disks that forget.</b> No owner commits what not all members have promised. So who hears of an epoch above its own promise has lost its memory: its disk is a new one, or was put
 * back. It sets aside what it holds, and is filled by all other owners before it counts again. It must not come to promise before it hears of that: a round tells the highest epoch with its
 * question, and an owner promises only in the life in which it has confirmed.
 *
 * <p><b>What the model leaves out.</b> Changes of the ring (a round is given up when one begins; who takes a range over first asks all owners for their epochs; no round goes on while somebody is known who has left and may
 * still keep hints); logs whose end is lost in a crash; conflict policies and retries by idempotency key; the time that a round takes.
 *
 * <p>{@link dev.gramme.antientropy.model.Rule} names what the argument rests on: without any of it, some seed of the model breaks a promise. Not shown in that way, and rests on the argument
 * alone: that all owners must confirm (the model's operations tell all owners anyway, unless their coordinator dies), and that hints go by the promise.
 */
@NullMarked
package dev.gramme.antientropy.model;

import org.jspecify.annotations.NullMarked;
