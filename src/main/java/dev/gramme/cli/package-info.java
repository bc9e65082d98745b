/**
 * The command line: one program that is a node ({@code server}), a cluster to try ({@code demo}), and the clients of the REST front.
 *
 * <p>Only {@code server} starts Quarkus; a client opens no port and is over in a moment. What a client command ends with is in its exit status, and a
 * write keeps the paper's promise to the end (sections 3 and 4.5: always writable, and honest about it): <b>{@code failed} (4) is said only if surely
 * no node did what was asked</b>. A request whose answer is lost may have been done, whatever the next node says of its own attempt; then the status
 * is {@code indeterminate} (5), and the idempotency key that makes a retry harmless is printed.
 *
 * <ul>
 *   <li>{@link dev.gramme.cli.Endpoint} asks the given nodes in turn: any node takes any request (section 2.3, symmetry).
 *   <li>{@link dev.gramme.cli.Import} writes each record until it is acknowledged. The idempotency key is a digest of the record, so that asking twice,
 *       going on after a break, or importing a corrected file never makes a value its own sibling.
 *   <li>{@link dev.gramme.cli.LoadGenerator} measures. Its open loop counts latency from when a request was due, not from when it could at last be sent:
 *       else a server that stalls is measured by the few requests that met the stall, not by all that waited (Gil Tene's coordinated omission).
 *   <li>{@link dev.gramme.cli.ClusterGroup} changes the ring in the three steps of an operator's habit: stage, look, commit. A plan is committed by the name
 *       under which it was shown, so nobody starts what they have not seen (after Riak's {@code riak-admin cluster}).
 *   <li>{@link dev.gramme.cli.PartitionBackup} copies a partition from owners that serve meanwhile: what they agree on from one of them, what they differ in from all, merged.
 *       {@link dev.gramme.cli.BackupFile} is named by the root of its Merkle tree, so an increment is what has no file yet. The {@link dev.gramme.cli.Manifest}
 *       says how old each file may be: what was deleted and forgotten since is not restored without being asked for.
 *   <li>{@link dev.gramme.cli.DemoCommand} runs nodes as processes of their own, each with a script that starts it again.
 * </ul>
 */
@NullMarked
package dev.gramme.cli;

import org.jspecify.annotations.NullMarked;
