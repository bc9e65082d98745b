package dev.gramme.sim;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for one answer, for so long; what comes later is not heard. */
final class Once<T> implements Consumer<T> {
    private final Timeline timeline;
    private final long patienceNanos;
    private final Consumer<@Nullable T> then;
    private boolean over;

    /** @param then takes the answer, or null if it did not come in time */
    Once(Timeline timeline, long patienceNanos, Consumer<@Nullable T> then) {
        this.timeline = timeline;
        this.patienceNanos = patienceNanos;
        this.then = then;
    }

    void run(Consumer<Once<T>> question) {
        timeline.after(patienceNanos, () -> end(null));
        question.accept(this);
    }

    @Override
    public void accept(T answer) {
        end(answer);
    }

    private void end(@Nullable T answer) {
        if (!over) {
            over = true;
            then.accept(answer);
        }
    }
}
