package dev.gramme.sim;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Requests of one kind that a process has not answered. */
final class OpenRequests<T> {
    private record Open<T>(int loop, Consumer<T> asker) {}

    private final SortedMap<Long, Open<T>> open = new TreeMap<>();
    /** By request, the epoch of the topology that its plane went by when it was told of it. */
    private final SortedMap<Long, Long> begun = new TreeMap<>();

    void asked(long request, int loop, Consumer<T> asker) {
        open.put(request, new Open<>(loop, asker));
    }

    /** Its plane is told of it now. */
    void begun(long request, long epoch) {
        begun.put(request, epoch);
    }

    /** Whoever waits for it; null if nobody does. */
    @Nullable
    Consumer<T> answered(long request) {
        begun.remove(request);
        Open<T> found = open.remove(request);
        return found == null ? null : found.asker();
    }

    int count() {
        return open.size();
    }

    /** Whether one of these that this plane began under an older topology is unanswered. */
    boolean isAnyOlder(int loop, long epoch, LongPredicate these) {
        return begun.entrySet().stream()
                .anyMatch(b -> b.getValue() < epoch && loopOf(b.getKey()) == loop && these.test(b.getKey()));
    }

    private int loopOf(long request) {
        Open<T> found = open.get(request);
        return found == null ? -1 : found.loop();
    }
}
