/**
 * The Vert.x event bus carried between nodes by its TCP bridge.
 *
 * <p><b>What is guaranteed.</b> A message is delivered at most once; messages to one peer of one {@link dev.gramme.transport.Lane} arrive in the order of
 * their sending while the connection lasts. A message handed back as undeliverable was surely not sent; one that was not may still be lost, with its connection. Nothing blocks, and
 * everything that can grow has a bound in {@link dev.gramme.transport.TransportBounds}. Only who has the cluster key is listened to.
 *
 * <p><b>How.</b> Each node serves one {@linkplain dev.gramme.transport.BridgeServer bridge}, which permits one address inwards and none outwards, and
 * keeps one {@linkplain dev.gramme.transport.Link connection} to each {@linkplain dev.gramme.transport.Peer peer}'s; a reply goes by the replier's own
 * connection. JSON, event bus, system calls and seal cost by the frame, so messages travel in {@linkplain dev.gramme.transport.BatchFormat batches}:
 * whatever was queued while the loop was busy goes into one frame. All of a transport runs on one event loop; a message changes threads once to be sent
 * and once after it is received. A request and its reply of 1 KiB each, 64 in flight, cost 14 microseconds of CPU at both ends together at some 23 messages
 * a frame, and 33 at one message a frame; of the 14, a quarter is the seal and a fifth the bridge's JSON.
 *
 * <p><b>What is urgent overtakes.</b> A probe that waits behind megabytes makes a busy node look dead, and a range on its way to a new owner can wait where a
 * client can't: so the queue to a peer has {@linkplain dev.gramme.transport.Lane lanes}, and a batch takes members' messages first, then what is about keys, then
 * ranges. That is worth nothing once bytes are in the kernels' buffers, which are megabytes: the bridge's own pings, answered in their turn, say how far the
 * peer has read, and no more than a window is handed to the socket beyond that.
 *
 * <p><b>Versions.</b> Each message of a batch is judged alone: one that is newer than this program, or damaged, is skipped, counted and told on both sides; the
 * others are taken, and the connection lasts. What a peer does not understand is not sent to it. The rules are in {@link dev.gramme.wire}.
 *
 * <p><b>The first words.</b> A node that knows addresses and nobody there {@linkplain dev.gramme.transport.Contact contacts} them: its frames name no
 * receiver, and may carry only messages between members. All else goes between {@linkplain dev.gramme.transport.PeerTransport#peers peers}, which change
 * as members come, go and move; only those that changed notice.
 *
 * <p>A {@link dev.gramme.wire.Message.Refusal} alone goes back by the connections of who is refused: it is seldom a peer, and where two processes have one id, the
 * peer of that id is the other one.
 *
 * <p><b>Who may speak.</b> The bridge is one-way, so that a challenge can't be asked for: each frame carries a truncated HMAC under the cluster key
 * ({@link dev.gramme.transport.Seal}), with sender and receiver under it. A frame can be replayed to the node it was meant for by who can read the
 * network; every message bears being received twice, and TLS (in the settings' options) keeps readers out.
 * Who is refused is told why, by the bridge's own {@code err} frame, before the connection is cut: the side that can act sees it.
 *
 * <p><b>Looks odd, is right.</b> The bridge's parser neither bounds a frame nor closes on garbage, and the bridge shows neither its port nor its
 * sockets: {@link dev.gramme.transport.InboundConnection} stands before it in the Netty pipeline, and a wrapper of Vert.x catches the server that the
 * bridge makes. A link counts as open only when its first ping was answered: a stopped process (SIGSTOP) accepts connections, by its kernel.
 */
@NullMarked
package dev.gramme.transport;

import org.jspecify.annotations.NullMarked;
