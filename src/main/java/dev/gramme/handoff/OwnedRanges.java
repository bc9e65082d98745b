package dev.gramme.handoff;

import dev.gramme.ring.Key;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port: what this node holds as an owner, by partition. A null answer means that the partition's store can't be read now. */
public interface OwnedRanges {
    /** @param complete no key follows the last one */
    record Page(List<Message.RangeEntry> entries, boolean complete) {}

    /**
     * What of an offer this node has to fetch.
     *
     * @param underWay tokens of writes that are not durable yet, of keys that it holds as offered
     */
    record Lacking(List<Key> keys, List<Long> underWay) {}

    /** The keys that follow {@code after} (null: all), in the order of keys, with their states: about {@code maxBytes} of them, at least one key. */
    @Nullable
    Page page(int partition, @Nullable Key after, int maxBytes);

    /** The key's state, empty if nothing was ever known of it. */
    @Nullable
    VersionSet own(int partition, Key key);

    /** Whether anything is kept of the partition. */
    boolean holds(int partition);

    boolean isWritable();

    /** What this node may have lost. */
    Losses losses();

    /** Which of these keys this node holds in another state than offered, or not surely. */
    @Nullable
    Lacking lacking(int partition, List<Message.RangeEntry> offers);

    /** Merges these states into the own ones. Gives the tokens of the writes to wait for; none if all is durable already. */
    @Nullable
    List<Long> merge(int partition, List<Message.RangeEntry> entries, Outlook outlook, Now now, Outbox out);
}
