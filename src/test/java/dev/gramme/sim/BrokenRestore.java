package dev.gramme.sim;

import dev.gramme.node.Event;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.StampDates;
import dev.gramme.wire.Stamps;
import dev.gramme.wire.StateDigest;
import java.util.List;

/** A mutant of restoring: what a backup holds is written anew, as a client would, and not merged as what it is. */
final class BrokenRestore implements Tampering {
    /** Nobody asks how old a backup is. */
    static final class OldBackupsTaken implements Tampering {
        @Override
        public Event event(NodeId self, Event event) {
            return event instanceof Event.Restore restore
                    ? new Event.Restore(restore.request(), Stamps.NOTHING, restore.records())
                    : event;
        }
    }

    /** A backup counts for as young as one of ten seconds later. */
    static final class BackupsDatedLater implements Tampering {
        @Override
        public long dated(long stamp) {
            return stamp + (10L << StampDates.UNIQUE_BITS);
        }
    }

    private static final long ACTOR = 0x5E57_0000_0000_0001L;

    private long counter;

    @Override
    public Event event(NodeId self, Event event) {
        return event instanceof Event.Restore(long request, long stamp, List<Message.RangeEntry> records)
                ? new Event.Restore(
                        request, stamp, records.stream().map(this::anew).toList())
                : event;
    }

    private Message.RangeEntry anew(Message.RangeEntry record) {
        VersionSet state = VersionSet.EMPTY;
        for (Version value : record.state().values()) {
            Content content = value.content();
            Bytes key = Bytes.utf8(content.idempotencyKey().text() + "#restored");
            Dot dot = new Dot(ACTOR, ++counter);
            state = state.put(CausalContext.EMPTY, new Version(dot, value.time(), content.withIdempotencyKey(key)));
        }
        return new Message.RangeEntry(record.key(), StateDigest.of(state), state);
    }
}
