package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whom to probe next: round after round in an order shuffled anew for each, so that every member is probed once a round and none waits for longer than
 * two (Das et al. 2002, 4.3: round-robin probe target selection). Newcomers come in at a random place.
 */
final class ProbeOrder {
    private final SplittableRandom random;
    private final List<NodeId> order = new ArrayList<>();
    private int next;

    ProbeOrder(SplittableRandom random) {
        this.random = random;
    }

    void add(NodeId id) {
        int place = random.nextInt(order.size() + 1);
        order.add(place, id);
        if (place < next) {
            next++;
        }
    }

    void remove(NodeId id) {
        int place = order.indexOf(id);
        if (place >= 0) {
            order.remove(place);
            if (place < next) {
                next--;
            }
        }
    }

    /** Null if there is nobody to be probed. */
    @Nullable
    NodeId next(Predicate<NodeId> wanted) {
        for (int tries = order.size(); tries > 0; tries--) {
            if (next >= order.size()) {
                shuffle();
                next = 0;
            }
            NodeId id = order.get(next++);
            if (wanted.test(id)) {
                return id;
            }
        }
        return null;
    }

    /** Up to {@code count} different ones, at random. */
    List<NodeId> some(int count, Predicate<NodeId> wanted) {
        List<NodeId> some = new ArrayList<>(count);
        int size = order.size();
        // A few tries find enough where most are wanted; where few are, a walk from a random place finds them all.
        for (int tries = 3 * count; tries > 0 && some.size() < count && size > 0; tries--) {
            NodeId id = order.get(random.nextInt(size));
            if (!some.contains(id) && wanted.test(id)) {
                some.add(id);
            }
        }
        int start = size == 0 ? 0 : random.nextInt(size);
        for (int i = 0; i < size && some.size() < count; i++) {
            NodeId id = order.get((start + i) % size);
            if (!some.contains(id) && wanted.test(id)) {
                some.add(id);
            }
        }
        return some;
    }

    /** One of {@code few} at random; null if none is wanted. */
    @Nullable
    NodeId one(SortedSet<NodeId> few, Predicate<NodeId> wanted) {
        List<NodeId> candidates = few.stream().filter(wanted).toList();
        return candidates.isEmpty() ? null : candidates.get(random.nextInt(candidates.size()));
    }

    /** Fisher and Yates. */
    private void shuffle() {
        for (int i = order.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            NodeId moved = order.get(i);
            order.set(i, order.get(j));
            order.set(j, moved);
        }
    }
}
