package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import dev.gramme.wire.KeyDigest;
import dev.gramme.wire.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two leaves laid side by side, as far as both are known: in the order of keys, so that what one side lacks shows at once.
 *
 * @param differing keys that the peer holds otherwise than this node, or alone
 * @param lackedThere keys that only this node holds
 * @param compared how many keys were looked at
 * @param until the last key that was compared, if keys may follow it; null if the leaf is done
 */
record LeafComparison(
        List<Differing> differing,
        List<Key> lackedThere,
        int compared,
        @Nullable Key until) {
    /**
     * @param theirs digest of the peer's state
     * @param ours digest of the own state; 0 for none
     */
    record Differing(Key key, long theirs, long ours) {}

    static LeafComparison of(LeafPage ours, Message.Leaf theirs) {
        Key until = earlier(endOf(ours.entries(), ours.complete()), endOf(theirs.entries(), theirs.complete()));
        List<Differing> differing = new ArrayList<>();
        List<Key> lackedThere = new ArrayList<>();
        int compared = 0;
        int i = 0;
        int j = 0;
        while (true) {
            KeyDigest own = at(ours.entries(), i, until);
            KeyDigest other = at(theirs.entries(), j, until);
            if (own == null && other == null) {
                return new LeafComparison(differing, lackedThere, compared, until);
            }
            int order = own == null ? 1 : other == null ? -1 : own.key().compareTo(other.key());
            if (own != null && order < 0) {
                lackedThere.add(own.key());
            } else if (other != null && (own == null || order > 0 || own.digest() != other.digest())) {
                differing.add(new Differing(other.key(), other.digest(), own == null || order > 0 ? 0 : own.digest()));
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
            compared++;
        }
    }

    private static @Nullable KeyDigest at(List<KeyDigest> entries, int index, @Nullable Key until) {
        if (index >= entries.size()) {
            return null;
        }
        KeyDigest entry = entries.get(index);
        return until == null || entry.key().compareTo(until) <= 0 ? entry : null;
    }

    private static @Nullable Key endOf(List<KeyDigest> entries, boolean complete) {
        return complete || entries.isEmpty() ? null : entries.getLast().key();
    }

    private static @Nullable Key earlier(@Nullable Key a, @Nullable Key b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.compareTo(b) <= 0 ? a : b;
    }
}
