package dev.gramme.storage;

import dev.gramme.ring.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one partition's file does not say yet: states, in the order of keys (one that is null hides the file's), the collection epoch, and drops of the whole
 * partition.
 *
 * <p>A drop begins a new, empty {@link Layer} over all there was. Only what is in the top layer is there for readers; while that one hides the file,
 * nothing of the file is. A drop that became durable lets go of what is beneath, and the first checkpoint that began after that deletes the file.
 * A drop that was refused (disk full, log broken) is undone: else a crash would bring back what had been gone for readers.
 *
 * <p>States are set and drops begun by the partition's loop, drops told by the log's thread, layers emptied by the checkpoint's.
 */
final class PartitionTable {
    /** Where a drop stands. */
    private enum Stage {
        UNTOLD,
        REFUSED,
        /** In the log. */
        DURABLE,
        /** In a segment of the log that was forced before the checkpoint under way began. */
        RIPE
    }

    /** Of everything beneath it. */
    static final class Drop {
        private volatile Stage stage = Stage.UNTOLD;
        /** What is beneath is kept for people until the checkpoint that carries the drop out. */
        private final boolean aside;
        /** The collection epoch that came with it, and goes if it is undone. */
        private final long epoch;

        private @Nullable Layer beneath;
        /** States of the same record, until that is durable: if the drop is undone, so are they. */
        private final Map<Key, Unapplied> brought = new HashMap<>();

        private Drop(Layer beneath, boolean aside, long epoch) {
            this.beneath = beneath;
            this.aside = aside;
            this.epoch = epoch;
        }
    }

    /**
     * @param drop which hides the file and the layers beneath; null if the file shows through
     * @param collections the highest collection epoch
     */
    record Layer(
            ConcurrentSkipListMap<Key, Unapplied> states,
            @Nullable Drop drop,
            AtomicLong collections) {
        Layer(@Nullable Drop drop, long epoch) {
            this(new ConcurrentSkipListMap<>(), drop, new AtomicLong(epoch));
        }

        long epoch() {
            return collections.get();
        }

        boolean hidesFile() {
            return drop != null;
        }

        /** Whether what it hides is to be kept. */
        boolean isAside() {
            return drop != null && drop.aside;
        }

        /** Whether a checkpoint may carry the drop out. */
        boolean isRipe() {
            return drop != null && drop.stage == Stage.RIPE;
        }
    }

    private final AtomicLong unappliedBytes;
    private final AtomicLong ownBytes;
    private volatile Layer top;
    private volatile int undone;

    /**
     * @param unappliedBytes counted up and down, with others
     * @param ownBytes counted up and down, with the other partitions alone
     * @param epoch the collection epoch of what is in the file
     */
    PartitionTable(AtomicLong unappliedBytes, AtomicLong ownBytes, long epoch) {
        this.unappliedBytes = unappliedBytes;
        this.ownBytes = ownBytes;
        this.top = new Layer(null, epoch);
    }

    private void count(int bytes) {
        unappliedBytes.addAndGet(bytes);
        ownBytes.addAndGet(bytes);
    }

    Layer top() {
        return top;
    }

    synchronized void set(Key key, Unapplied entry) {
        put(top, key, entry);
    }

    /** By the record that {@code drop} is of. */
    synchronized void set(Drop drop, Key key, Unapplied entry) {
        drop.brought.put(key, entry);
        set(key, entry);
    }

    private void put(Layer layer, Key key, Unapplied entry) {
        Unapplied before = layer.states.put(key, entry);
        count(entry.bytes - (before == null ? 0 : before.bytes));
    }

    synchronized void collected(long epoch) {
        top.collections.accumulateAndGet(epoch, Math::max);
    }

    /** Takes {@code applied} out of {@code layer}, but for what was set anew meanwhile. */
    void remove(Layer layer, Map<Key, Unapplied> applied) {
        applied.forEach((key, entry) -> {
            if (layer.states.remove(key, entry)) {
                count(-entry.bytes);
            }
        });
    }

    /** All is gone for readers when this returns; the collection epoch too. */
    synchronized Drop drop() {
        return hide(false, 0);
    }

    /** All is gone for readers when this returns, and kept for people; the collection epoch is {@code epoch}, or what it was, if that is higher. */
    synchronized Drop setAside(long epoch) {
        return hide(true, Math.max(epoch, top.epoch()));
    }

    private Drop hide(boolean aside, long epoch) {
        Drop drop = new Drop(top, aside, epoch);
        top = new Layer(drop, epoch);
        return drop;
    }

    /** What became of {@code drop}. */
    synchronized void told(Drop drop, boolean durable) {
        drop.stage = durable ? Stage.DURABLE : Stage.REFUSED;
        if (durable) {
            drop.brought.clear();
        }
        if (durable && !drop.aside) {
            forgetBeneath(drop);
        }
        while (top.drop != null && top.drop.stage == Stage.REFUSED && top.drop.beneath != null) {
            Layer refused = top;
            Layer beneath = top.drop.beneath;
            Map<Key, Unapplied> brought = top.drop.brought;
            refused.states.forEach((key, entry) -> {
                if (brought.get(key) != entry) {
                    put(beneath, key, entry);
                }
            });
            remove(refused, refused.states);
            if (refused.epoch() > top.drop.epoch) {
                // Somebody collected since.
                beneath.collections.accumulateAndGet(refused.epoch(), Math::max);
            }
            undone++;
            top = beneath;
        }
    }

    private void forgetBeneath(Drop drop) {
        for (Layer layer = drop.beneath; layer != null; layer = layer.drop == null ? null : layer.drop.beneath) {
            remove(layer, layer.states);
        }
        drop.beneath = null;
    }

    /** What {@code layer} hides and the file does not have, as it was last. */
    synchronized Map<Key, Unapplied> beneath(Layer layer) {
        Map<Key, Unapplied> beneath = new TreeMap<>();
        Drop drop = layer.drop;
        while (drop != null && drop.beneath != null) {
            Layer next = drop.beneath;
            next.states.forEach(beneath::putIfAbsent);
            // A drop of another kind in between had nothing to keep beneath it.
            drop = next.drop != null && next.drop.aside ? next.drop : null;
        }
        return beneath;
    }

    /** How often readers were shown again what a drop had hidden. */
    int undone() {
        return undone;
    }

    /** A checkpoint is about to begin with a forced segment: what is durable by now, is so for good. */
    synchronized void ripen() {
        Drop drop = top.drop;
        if (drop != null && drop.stage == Stage.DURABLE) {
            drop.stage = Stage.RIPE;
        }
    }

    /** Whether the log still has to say what becomes of a drop. */
    boolean waitsForLog() {
        Drop drop = top.drop;
        return drop != null && drop.stage == Stage.UNTOLD;
    }

    /**
     * {@code layer}'s drop is carried out, and the file holds nothing but what that layer does: from now on the file shows through.
     *
     * @return false if another drop came meanwhile, which hides it too
     */
    synchronized boolean carriedOut(Layer layer) {
        if (top != layer) {
            return false;
        }
        if (layer.drop != null) {
            forgetBeneath(layer.drop);
        }
        top = new Layer(layer.states, null, layer.collections);
        return true;
    }
}
