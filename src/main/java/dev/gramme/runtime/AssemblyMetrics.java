package dev.gramme.runtime;

import dev.gramme.storage.NodeStorage;
import dev.gramme.storage.ScrubStatus;
import dev.gramme.storage.StorageStatus;
import dev.gramme.transport.PeerCounts;
import java.util.function.ToLongFunction;

/** What a running node's parts say of themselves, as gauges and counters. Read when somebody asks for the metrics, never on a request's way. */
final class AssemblyMetrics {
    private final Assembly assembly;
    private final NodeStorage storage;
    private final Bridge bridge;
    private final NodeMetrics metrics;

    AssemblyMetrics(Assembly assembly, NodeStorage storage, Bridge bridge, NodeMetrics metrics) {
        this.assembly = assembly;
        this.storage = storage;
        this.bridge = bridge;
        this.metrics = metrics;
    }

    void register() {
        metrics.gauge(
                "gramme.hints",
                "Hints waiting for owners that are away",
                assembly,
                a -> a.hints().values().stream().mapToLong(Long::longValue).sum());
        metrics.gauge(
                "gramme.hints.bytes",
                "Bytes of hints waiting for owners that are away, about",
                storage,
                s -> s.hints().counts().keySet().stream()
                        .mapToLong(s.hints()::bytes)
                        .sum());
        metrics.gauge(
                "gramme.partitions.lacking",
                "Partitions that may have lost something, and count for no read until they were compared with every other owner",
                assembly,
                Assembly::partitionsLacking);
        metrics.gauge(
                "gramme.loop.queue",
                "Events waiting for the serial loops",
                assembly,
                a -> a.planes().stream().mapToInt(PlaneLoop::queued).sum());
        counter("gramme.log.forces", "Forces of the commit log", StorageStatus::forces);
        counter("gramme.checkpoints", "Times the partition stores were brought up to date", StorageStatus::checkpoints);
        gauge("gramme.log.bytes", "Bytes of the commit log", StorageStatus::logBytes);
        gauge("gramme.log.queue", "Mutations waiting for the commit log", s -> s.queued());
        gauge(
                "gramme.unapplied.bytes",
                "Bytes in memory that the partition stores do not hold yet",
                StorageStatus::unappliedBytes);
        gauge("gramme.stores.open", "Partition stores open", s -> s.openStores());
        gauge("gramme.disk.writable", "1 while the disk takes writes", s -> s.writable() ? 1 : 0);
        gauge(
                "gramme.damage",
                "Damage found on the disk since the start",
                s -> s.damage().size());
        scrub("gramme.scrub.records", "Records that a scrub read and found sound", ScrubStatus::records);
        scrub("gramme.scrub.bytes", "Bytes of the disk that a scrub read", ScrubStatus::bytes);
        scrub("gramme.scrub.findings", "Damage that a scrub found", ScrubStatus::findings);
        metrics.gauge(
                "gramme.scrub.left",
                "Parts of the disk still to be read of those that were asked for",
                storage,
                s -> s.scrub().status().left());
        bridge("gramme.bridge.sent.messages", "Messages sent over the bridge", PeerCounts::sentMessages);
        bridge("gramme.bridge.sent.bytes", "Bytes of messages sent over the bridge", PeerCounts::sentBytes);
        bridge("gramme.bridge.sent.frames", "Frames sent over the bridge", PeerCounts::sentFrames);
        bridge("gramme.bridge.undeliverable", "Messages that could not be sent", PeerCounts::undeliverable);
        bridge("gramme.bridge.reconnects", "Connections to peers made again", PeerCounts::reconnects);
        metrics.counter(
                "gramme.bridge.received.messages",
                "Messages received",
                bridge,
                t -> t.status().receivedMessages());
        metrics.counter(
                "gramme.bridge.received.bytes",
                "Bytes of messages received",
                bridge,
                t -> t.status().receivedBytes());
        metrics.counter(
                "gramme.bridge.unsupported.messages",
                "Messages skipped because they are newer than this program",
                bridge,
                t -> t.status().unsupportedMessages());
        metrics.counter(
                "gramme.bridge.malformed.messages",
                "Messages skipped because they do not parse",
                bridge,
                t -> t.status().malformedMessages());
        metrics.counter(
                "gramme.bridge.refused.connections",
                "Connections refused because there were too many",
                bridge,
                t -> t.status().refusedConnections());
        metrics.counter(
                "gramme.bridge.refused.frames",
                "Frames refused",
                bridge,
                t -> t.status().refusedFrames());
    }

    private void counter(String name, String description, ToLongFunction<StorageStatus> value) {
        metrics.counter(name, description, storage, s -> value.applyAsLong(s.status()));
    }

    private void gauge(String name, String description, ToLongFunction<StorageStatus> value) {
        metrics.gauge(name, description, storage, s -> value.applyAsLong(s.status()));
    }

    private void scrub(String name, String description, ToLongFunction<ScrubStatus> value) {
        metrics.counter(
                name, description, storage, s -> value.applyAsLong(s.scrub().status()));
    }

    private void bridge(String name, String description, ToLongFunction<PeerCounts> value) {
        metrics.counter(
                name, description, bridge, t -> value.applyAsLong(t.status().counts()));
    }
}
