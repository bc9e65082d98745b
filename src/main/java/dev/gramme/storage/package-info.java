/**
 * What survives a crash: identity, commit log, partition stores, hints.
 *
 * <p><b>What it guarantees.</b> A mutation is visible to reads when {@code persist} returns, and survives a crash when its callback says
 * DURABLE (with {@link dev.gramme.storage.Durability#INTERVAL}: a crash of the process, and one of the machine but for the last interval). A read
 * never answers with a damaged value: it answers right, or says which file is broken. A dot is never minted twice. Nothing is ever retried after a
 * failed force as if it had worked.
 *
 * <p><b>How.</b> Each mutation goes into memory ({@link dev.gramme.storage.StateStore}, {@link dev.gramme.storage.HintStore}) and into one log for the
 * whole node ({@link dev.gramme.storage.CommitLog}), where concurrent writes share one force. From time to time a checkpoint ({@link
 * dev.gramme.storage.Checkpointer}) puts what is in memory into one MVStore file per partition, forces those, and drops the log's old segments. A state
 * leaves memory only when the store that has it is forced. So a start after a crash replays a short log into memory and opens no store (but those of which keys were collected since the last checkpoint); after an
 * orderly close the log is empty. (A log and a table, as in Gray and Reuter 1993, chapter 9; a memory table before files as in Bigtable, Chang
 * et al. 2006, 5.3.)
 *
 * <p><b>Bounds.</b> What is kept in memory has its share of the heap ({@link dev.gramme.storage.StorageMemory}). The log's queue holds {@code maxQueuedMutations}; beyond, a
 * persist is told FULL at once. States in memory that the stores do not hold: when there are more than four segments' worth, the log waits for the checkpoint,
 * acknowledgements come slower, and the queue fills. What was told FULL is still visible and still reaches its store with the next checkpoint: forgetting it would let its
 * actor mint a dot that falsely covers it. An open store of 256 keeps next to nothing: no write buffer of its own ({@link dev.gramme.storage.WriteBuffers}), no big state in its
 * root page ({@link dev.gramme.storage.RecordFile}), and pages only where the heap is large.
 *
 * <p><b>A partition leaves.</b> When the ring has moved a partition away, one mutation drops all of it: at once for readers, durable through the log in its place
 * among the others, so that a replay ends where a run without a crash does ({@link dev.gramme.storage.PartitionTable}). Its file is deleted by the first
 * checkpoint that begins when the drop is durable, never before. A drop that is refused is undone, because a crash would undo it too. A partition
 * that moves is read page by page in the order of keys ({@link dev.gramme.storage.PartitionScan}), past the cache of states, which stays with what
 * clients ask for.
 *
 * <p><b>Trees.</b> Records lie in the order of keys, which is that of their tokens, and each bears the digest of its state. Beside them a file keeps the leaves of the Merkle
 * tree over them ({@link dev.gramme.storage.LeafSums}): a checkpoint that changes a record changes its leaf by the digest before and the one after, and both are
 * committed together, so the leaves are right after any crash without being looked at. (What changes is gathered beside the leaves and brought into them some checkpoints later: it is written
 * as a few hundred bytes, not as 32 KB.) What readers see is the file and, over it, what is in memory: so is the tree that
 * anti-entropy asks for ({@link dev.gramme.storage.StoredTrees}), loaded when it is asked for and followed from then on with each write. The keys of a leaf are one run of
 * records, and listing them decodes no state.
 *
 * <p><b>Keys are collected</b> by one mutation too: those whose state is still the one that was named go, and the partition's collection epoch goes on. In memory a key that is gone
 * hides the file's record until a checkpoint has removed it; the epochs of the files are in the checkpoint's mark.
 *
 * <p><b>Who forgot is another.</b> The essay of {@code version} says why a store that has forgotten must go on as a new actor. That is after each stop that
 * was not an orderly close, in a copied or restored directory ({@link dev.gramme.storage.DataDirectory}), and whenever damage is found.
 *
 * <p><b>Damage.</b> MVStore checks no page, so every record has a CRC32C over key and value, every page one over its keys and one over its values, and
 * a checkpoint writes down how far each store went. A broken file is moved to {@code quarantine/} and an empty one takes its place; the node fills it again
 * from its replicas. Whatever may have been lost so, the file {@code lacking} says it before anybody can find that it is missing ({@link dev.gramme.storage.LackingFile}). A
 * partition that is to be believed no more is set aside: by one mutation, as when it leaves, but what it held is moved to {@code quarantine/}, complete.
 *
 * <p><b>Scrub.</b> What nobody reads is read by {@link dev.gramme.storage.Scrub}: the bytes of the files, not the pages in memory, and what it finds goes the same way. Damage in the log of a running
 * node, and in its small files, costs nothing: it knows what they said.
 *
 * <p><b>Files.</b> {@code lock}; {@code identity}, {@code checkpoint}, {@code buckets}, {@code topology}, {@code lacking}, {@code log-reach}, {@code closed}, {@code scrub}: small, replaced whole; {@code log/}; {@code
 * partitions/}; {@code hints.mv}; {@code quarantine/}. The file {@code identity} bears the format of the whole ({@link dev.gramme.storage.Identity#FORMAT}): a program opens directories of its own
 * format and of those before, and refuses newer ones. A partition's file of a format before is brought into today's when it is opened first, step by step, each committed
 * ({@link dev.gramme.storage.PartitionFile}).
 */
@NullMarked
package dev.gramme.storage;

import org.jspecify.annotations.NullMarked;
