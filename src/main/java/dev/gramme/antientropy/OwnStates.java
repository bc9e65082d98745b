package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import dev.gramme.version.Now;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.Outbox;
import dev.gramme.wire.Outlook;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port: the states that this node holds as an owner. A null answer means that the partition's store can't be read now. */
public interface OwnStates {
    /** The key's state, empty if nothing was ever known of it. */
    @Nullable
    VersionSet own(int partition, Key key);

    /** Merges these states into the own ones. Gives the tokens of the writes to wait for; none if all is durable already. */
    @Nullable
    List<Long> merge(int partition, List<Message.RangeEntry> entries, Outlook outlook, Now now, Outbox out);

    /** Whether the disk takes writes now. */
    boolean isWritable();
}
