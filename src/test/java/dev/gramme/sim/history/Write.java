package dev.gramme.sim.history;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.PutOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing a client wanted written: a put or a delete, with every attempt at it. All attempts carry one idempotency key. */
public final class Write {
    /**
     * One request for it.
     *
     * @param w replicas asked for, the bucket's default already filled in
     * @param owed the cluster has been calm for long enough, and enough nodes could be reached, that it had to succeed; asked at the end
     * @param outcome null if the client gave up waiting
     */
    public record Attempt(
            NodeId asked,
            int w,
            boolean strict,
            long invokedNanos,
            long answeredNanos,
            boolean owed,
            @Nullable PutOutcome outcome) {
        public boolean acknowledged() {
            return outcome instanceof PutOutcome.Written;
        }
    }

    private final int number;
    private final String client;
    private final Key key;
    private final boolean delete;
    private final Seen seen;
    private final int ttlSeconds;
    private final List<Attempt> attempts = new ArrayList<>();

    Write(int number, String client, Key key, boolean delete, Seen seen, int ttlSeconds) {
        this.number = number;
        this.client = client;
        this.key = key;
        this.delete = delete;
        this.seen = seen;
        this.ttlSeconds = ttlSeconds;
    }

    public int number() {
        return number;
    }

    public String client() {
        return client;
    }

    public Key key() {
        return key;
    }

    public boolean delete() {
        return delete;
    }

    public Seen seen() {
        return seen;
    }

    /** 0 if it never expires. */
    public int ttlSeconds() {
        return ttlSeconds;
    }

    /** In order of their ends. */
    public List<Attempt> attempts() {
        return attempts;
    }

    public void ended(Attempt attempt) {
        attempts.add(attempt);
    }

    public boolean acknowledged() {
        return attempts.stream().anyMatch(Attempt::acknowledged);
    }

    /** Whether every attempt is known to have done nothing. */
    public boolean failedForSure() {
        return !attempts.isEmpty() && attempts.stream().allMatch(a -> a.outcome() instanceof PutOutcome.Failed);
    }

    /** The value and idempotency key it is known by. */
    public String name() {
        return "w" + number;
    }

    /** Whether the writer of {@code this} had seen {@code earlier}. */
    public boolean hadSeen(Write earlier) {
        return seen.writes().get(earlier.number);
    }

    @Override
    public String toString() {
        return name() + (delete ? " (delete by " : " (put by ") + client + ")";
    }
}
