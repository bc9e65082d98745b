/**
 * Anti-entropy: what makes replicas equal again whatever happened to them (DeCandia et al. 2007, 4.7).
 *
 * <p><b>Trees.</b> Each owner of a partition keeps a {@linkplain dev.gramme.antientropy.MerkleTree Merkle tree} (Merkle 1987) over the states that its readers see: the
 * ring's part that the partition is, cut into 4,096 equal leaves, under nodes of sixteen children each. Two owners that hold the same have the same root; where they
 * differ, the way down from the root leads to the leaves that do, and each step costs sixteen numbers. A leaf is a sum over its entries, so a write changes it without
 * reading it; and as keys are ordered by their tokens, the keys of a leaf lie side by side in the store. A store offers its trees by the port {@link
 * dev.gramme.antientropy.Trees}.
 *
 * <p><b>What an equal root says.</b> An entry is 64 bits of key and {@link dev.gramme.wire.StateDigest}, so different states can in principle look alike: {@link
 * dev.gramme.antientropy.MerkleTree} says how and why that is borne.
 *
 * <p><b>Exchanges.</b> Of each two owners of a partition one begins an {@link dev.gramme.antientropy.Exchange} now and then ({@link dev.gramme.antientropy.ExchangeSchedule}): it descends
 * where hashes differ, lays the keys of the leaves that do side by side, fetches and merges what the other holds otherwise, and sends it what it lacks. The other side
 * ({@link dev.gramme.antientropy.ExchangeServing}) only answers and keeps nothing. What is done in between by others is no trouble: all that ever happens is a merge, which may happen
 * twice, and what an exchange misses the next one finds. So when writes have ceased and every two owners have ended an exchange since, all of them hold the same,
 * whoever had lost what before, and without any read.
 *
 * <p><b>Mending.</b> A partition of which something was lost here ({@link dev.gramme.wire.Losses}) is compared with all other owners at once, and counts for readers again when that is
 * done: {@link dev.gramme.antientropy.Mending} says why that is enough.
 *
 * <p>Both sides answer for themselves that they own the partition by the settled ring and that no change under way moves it: who takes a partition over is {@code handoff}'s to fill. What
 * an exchange keeps in mind is bounded by one message's keys, what passes by bytes a second ({@link dev.gramme.antientropy.ExchangeBounds}).
 *
 * <p><b>How deletes are forgotten</b> ({@link dev.gramme.antientropy.TombstoneCollection}; the protocol and why it is right, with a model of it that is held against many seeds, are
 * in the tests' package {@code antientropy.model}). A tombstone is what keeps a deleted value dead: whoever meets an older copy merges it with the tombstone. Older copies may be at an owner
 * that missed the delete, in any member's hint book, in the memory of a request that is under way, in a message that waits or comes twice, at a disk that is put back to an
 * earlier time. No age bounds any of them; a client's retry is bounded by age, and for that alone deletes are kept for a day.
 *
 * <p>So each member goes, of each partition, by a <em>stamp</em> ({@link dev.gramme.wire.Stamps}). What a request sends bears the stamp under which it began, of a read the lowest of those
 * it rests on. An owner's <em>epoch</em> is the stamp of the last collection it carried out: it merges nothing that is older. A member's <em>promise</em>, on its disk before
 * it is told, says that but for what it holds as an owner nothing here is older: hints are delivered under it, and no older hint is kept.
 *
 * <p>The first owner of a partition leads {@linkplain dev.gramme.antientropy.CollectionRound rounds}, while every member is up and no change of the ring is under way: all owners confirm
 * which keys are nothing but old deletes (or expired), with digests; then all owners, and after them all members, go by a new stamp and promise it, each when what it began before
 * is over and its hint book has nothing of the partition; then the owners forget, in one record with their epoch, those keys that are still as confirmed. A round may be broken off anywhere.
 *
 * <p>Owners promise before the others, so that no owner is ever refused by a fallback that went on before it; a fallback refuses by its promise, not by the stamp it goes by, for the
 * same reason. The model refuses by the promise too, but it asks all members at once: the order of owners first is one of those that its network makes, so what the model shows holds of
 * it, and that owners are not refused the model does not show. Who owns nothing of a partition goes at once by any stamp that it hears of: all owners have confirmed for it. The
 * model's members go by a stamp when they are asked to, and not before: that step rests on this argument, and on the simulator.
 *
 * <p>Nobody collects what a member has not promised. So who hears of a collection that it knows of no promise for has lost its memory: its disk is another, or an older one. In one record it sets aside what it holds,
 * whoever owns it, but for what it minted itself in this life, drops the hints that may be older (those taken in this life under that stamp or a later one stay), promises, and takes the epoch; it is lacking ({@link dev.gramme.wire.Losses}) until it has compared with all other
 * owners. If the record is refused nothing of it is on the disk, what was set aside is shown again, and it is tried again a second later, without holding other partitions up. Hints that go are not shown any more then,
 * but a crash would bring them back: so nothing is promised of a partition while the log has yet to tell of a hint that was dropped, or has refused one, until a checkpoint that began afterwards is through. The record is bounded, so that the queue of a busy log has room for it;
 * where more hints go than that, the others go before, by records of their own.
 *
 * <p>Who comes to own a partition, or to be a member, asks all owners that go by the same change for their stamps, before it says that it is prepared ({@link
 * dev.gramme.antientropy.StampQuestions}): from then on nothing is collected until the change is done. The highest epoch that they tell is its own from then on. A promise never is: a round that was
 * broken off leaves promises that nobody else has made, and told as an epoch such a one would make others forget.
 *
 * <p>Nothing is collected while a member takes part in no round ({@code --collect-after=0}). It says so, the leader tells people once, and asks again a minute later (where deletes are collected after less than that: after as long).
 *
 * <p>Who is known and is a member of no ring (it has left, or waits to come in) may keep hints that it has promised nothing about: no round goes on until it is in, or is forgotten, an
 * hour after it went down.
 *
 * <p>What is not covered: a node that was taken out by force, or was cut off while it was taken out, and still keeps hints: what it hands over after a collection is refused. A disk that was put back to an
 * earlier time while its node seemed to run on: what it alone acknowledges (W = 1), before it is started again and only then hears of a collection, is set aside with the rest: by then nobody can tell it from what was there before. So is what others had replicated to it, and hints of others that were taken before it knew of any promise. An owner that has promised,
 * missed the collection itself, and then lost its store of the partition and was filled again, takes a copy that was on its way all that time. What a node minted in this life in one partition beyond 4,096 keys or 4 MiB (less where the heap is small)
 * is set aside with the rest, and so is a version that came beside one that the same actor had minted in an earlier life (no context can tell them apart); and what it minted is looked for in one event, in which its
 * loop does nothing else. What a client writes without a context to a key of a partition that is set aside, before the log refuses that, is left in place of what the node had of the key when the rest is shown again:
 * what it alone had acknowledged (W = 1), and what did not stay because of the bounds, is gone then. A node of the same format that was built before {@link dev.gramme.wire.ReplicaStatus#NOT_COLLECTING} was takes that
 * answer for a damaged message, as often as it asks.
 *
 * <p>Pages of a backup bear stamps like any answer, and what is restored is taken or refused by them like any write; unless an operator asks for what was deleted to come back, or brings a backup of another
 * cluster, whose stamps say nothing here. A stamp begins with a time, and nothing that was forgotten up to it had been made later ({@link dev.gramme.wire.StampDates}): so a backup that all members gave is as good as one that
 * bears the stamp of its own time, less a margin for clocks that are apart. That rests on clocks, as nothing else here does: where one is further behind another than the margin, a delete that is made after such a backup, by
 * the one, may seem to have been made before it, and what it deleted may come back with the backup.
 */
@NullMarked
package dev.gramme.antientropy;

import org.jspecify.annotations.NullMarked;
