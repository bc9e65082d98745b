package dev.gramme.sim.history;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the clients asked and were told, and what befell the nodes. */
public final class History {
    /** What befell a node that its promises depend on. */
    public enum Mishap {
        CRASH,
        /** What it held is gone, or partly, and nothing there says so. */
        LOST_DISK,
        /** Its disk is an empty one: that shows. And no other disk had been lost before that was not made good for. */
        WIPED
    }

    public record Befell(NodeId node, Mishap mishap, long atNanos) {}

    private final int replicas;
    private final long unforcedNanos;
    private final Ledger ledger = new Ledger();
    private final Forgotten forgotten = new Forgotten();
    private final List<Write> writes = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<Befell> mishaps = new ArrayList<>();

    /**
     * @param replicas N
     * @param unforcedNanos how long an acknowledged write may be unforced: 0 if every acknowledgement waits for the disk
     */
    public History(int replicas, long unforcedNanos) {
        this.replicas = replicas;
        this.unforcedNanos = unforcedNanos;
    }

    public int replicas() {
        return replicas;
    }

    public long unforcedNanos() {
        return unforcedNanos;
    }

    public Forgotten forgotten() {
        return forgotten;
    }

    public Ledger ledger() {
        return ledger;
    }

    /** @param ttlSeconds 0 if it never expires */
    public Write write(String client, Key key, boolean delete, Seen seen, int ttlSeconds) {
        Write write = new Write(writes.size(), client, key, delete, seen, ttlSeconds);
        writes.add(write);
        return write;
    }

    public void read(Read read) {
        reads.add(read);
    }

    public void befell(NodeId node, Mishap mishap, long nowNanos) {
        mishaps.add(new Befell(node, mishap, nowNanos));
    }

    public List<Write> writes() {
        return writes;
    }

    /** In order of their ends. */
    public List<Read> reads() {
        return reads;
    }

    public List<Befell> mishaps() {
        return mishaps;
    }

    /** Whether a disk lost anything at all. */
    public boolean anyDiskLost() {
        return diskWasLost() || mishaps.stream().anyMatch(m -> m.mishap == Mishap.WIPED);
    }

    /** Whether what was written at W since {@code fromNanos} is held by a disk that was not lost before its loss was made good for. */
    public boolean outlivesWipes(int w, long fromNanos) {
        return w > 1 || befallen(Mishap.WIPED, fromNanos, Long.MAX_VALUE) == 0;
    }

    /** Whether a disk lost something, and nothing there says so. */
    public boolean diskWasLost() {
        return mishaps.stream().anyMatch(m -> m.mishap == Mishap.LOST_DISK);
    }

    /** How many nodes this befell between the two times. */
    public int befallen(Mishap mishap, long fromNanos, long toNanos) {
        SortedSet<NodeId> nodes = new TreeSet<>();
        for (Befell b : mishaps) {
            if (b.mishap == mishap && b.atNanos >= fromNanos && b.atNanos <= toNanos) {
                nodes.add(b.node);
            }
        }
        return nodes.size();
    }

    /** The write that made this version. */
    public Write writeOf(Version version) {
        return writes.get(ledger.get(version.dot()).write());
    }

    /** What somebody has seen who was shown this state. */
    public Seen shown(VersionSet state, @Nullable NodeId fastest) {
        BitSet versions = new BitSet();
        BitSet past = new BitSet();
        for (Version sibling : state.siblings()) {
            Ledger.Made made = ledger.get(sibling.dot());
            Seen before = writes.get(made.write()).seen();
            versions.set(made.number());
            versions.or(before.versions());
            past.set(made.write());
            past.or(before.writes());
        }
        return new Seen(state.context(), state.latestTime(), fastest, versions, past);
    }

    /** A time in words. */
    public static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f s", nanos / 1e9);
    }
}
