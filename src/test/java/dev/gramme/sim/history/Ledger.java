package dev.gramme.sim.history;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Dot;
import dev.gramme.version.ReplacedWrites;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every dot that was minted and every version that was made with one, as seen from outside the nodes. */
public final class Ledger {
    /**
     * A version, when it was first kept anywhere.
     *
     * @param number counts them
     * @param write number of the {@link Write} that it is
     * @param aheadMillis how far the node's wall clock was ahead of the true time
     */
    public record Made(int number, Key key, Version version, int write, NodeId node, long atNanos, long aheadMillis) {
        @Override
        public String toString() {
            return "w" + write + " as " + version.dot() + " (made at " + node + " at " + History.seconds(atNanos) + ")";
        }
    }

    private record Minted(NodeId node, long atNanos) {}

    private final SortedMap<Dot, Minted> minted = new TreeMap<>();
    private final SortedMap<Dot, Made> made = new TreeMap<>();
    private final SortedSet<Dot> altered = new TreeSet<>();
    private final List<String> repeats = new ArrayList<>();

    /** A node's dot source gave out this dot. */
    public void minted(NodeId node, Dot dot, long nowNanos) {
        Minted before = minted.putIfAbsent(dot, new Minted(node, nowNanos));
        if (before != null) {
            repeats.add("dot " + dot + " was minted at " + before.node + " at " + History.seconds(before.atNanos)
                    + " and again at " + node + " at " + History.seconds(nowNanos));
        }
    }

    /** A node keeps this state. */
    public void kept(NodeId node, Key key, VersionSet state, long nowNanos, long aheadMillis) {
        for (Version sibling : state.siblings()) {
            Made before = made.get(sibling.dot());
            if (before == null) {
                made.put(
                        sibling.dot(),
                        new Made(made.size(), key, sibling, writeNumber(sibling), node, nowNanos, aheadMillis));
            } else if (before.write != writeNumber(sibling) || !before.key.equals(key)) {
                repeats.add("dot " + sibling.dot() + " is " + before + " of " + before.key + " and also w"
                        + writeNumber(sibling) + " of " + key + " at " + node + " at " + History.seconds(nowNanos));
            }
        }
    }

    /** A node keeps another value under this dot than was written, and can't know. */
    public void altered(Dot dot) {
        altered.add(dot);
    }

    public boolean isAltered(Dot dot) {
        return altered.contains(dot);
    }

    public @Nullable Made find(Dot dot) {
        return made.get(dot);
    }

    /** The version of this dot, which somebody was shown and so must exist. */
    public Made get(Dot dot) {
        Made found = made.get(dot);
        if (found == null) {
            throw new IllegalStateException("a version was shown that no node ever kept: " + dot);
        }
        return found;
    }

    /** Whether so few versions of the key were made since the write was first, and may have replaced it and older ones, that its idempotency key is surely remembered. */
    public boolean isRemembered(Made version) {
        long first = version.atNanos();
        for (Made other : made.values()) {
            first = other.write() == version.write() ? Math.min(first, other.atNanos()) : first;
        }
        long since = first;
        return made.values().stream()
                        .filter(m -> m.key().equals(version.key()) && m.atNanos() >= since)
                        .count()
                <= ReplacedWrites.MAX_REPLACED / 2;
    }

    public Iterable<Made> all() {
        return made.values();
    }

    /** Dots that came twice, in words. */
    public List<String> repeats() {
        return repeats;
    }

    /** A mutant's key may end in a mark after the write's name. */
    private static int writeNumber(Version version) {
        String name = version.content().idempotencyKey().text();
        int end = name.indexOf('#');
        return Integer.parseInt(name.substring(1, end < 0 ? name.length() : end));
    }
}
