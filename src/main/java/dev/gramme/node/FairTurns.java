package dev.gramme.node;

import dev.gramme.wire.BackgroundWork;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whose turn it is, of the users of one budget: first that of the kind of work that was given the least, and of its users that of the one that was given the least.
 * Who comes back after a while without asking begins where the others are: start-time fair queueing (Goyal, Vin, Cheng 1996). Not thread-safe.
 */
final class FairTurns {
    /** Who has not asked again for so long does not wait any more. */
    static final long PATIENCE_NANOS = 50_000_000;

    /** What one was given, on a clock of bytes. */
    private abstract static class Given {
        long bytes;
    }

    private static final class Kind extends Given {
        final List<User> users = new ArrayList<>();
        /** Where the user given something last stood then. */
        long clock;

        long slices;
        long allBytes;
        long heldBack;
    }

    /** One loop's, or thread's, work of one kind. */
    static final class User extends Given {
        private final Kind kind;
        private boolean waiting;
        private long askedNanos;

        private User(Kind kind) {
            this.kind = kind;
        }

        private boolean isWaiting(long nowNanos) {
            return waiting && nowNanos - askedNanos < PATIENCE_NANOS;
        }
    }

    private final Map<BackgroundWork, Kind> kinds = new EnumMap<>(BackgroundWork.class);
    private long clock;

    FairTurns() {
        for (BackgroundWork work : BackgroundWork.values()) {
            kinds.put(work, new Kind());
        }
    }

    User add(BackgroundWork work) {
        Kind kind = Objects.requireNonNull(kinds.get(work));
        User user = new User(kind);
        kind.users.add(user);
        return user;
    }

    /** It waits, from now on. */
    void asks(User user, long nowNanos) {
        if (!user.isWaiting(nowNanos)) {
            Kind kind = user.kind;
            if (kind.users.stream().noneMatch(other -> other.isWaiting(nowNanos))) {
                kind.bytes = Math.max(kind.bytes, clock);
            }
            user.bytes = Math.max(user.bytes, kind.clock);
        }
        user.waiting = true;
        user.askedNanos = nowNanos;
    }

    /** It goes on, and waits no more. */
    void admitted(User user) {
        user.waiting = false;
    }

    void heldBack(User user) {
        user.kind.heldBack++;
    }

    /** Whether nobody else who waits was given less. */
    boolean isFirst(User user, long nowNanos) {
        for (Kind kind : kinds.values()) {
            if (kind == user.kind || kind.bytes < user.kind.bytes) {
                for (User other : kind.users) {
                    boolean isBefore = kind != user.kind || other.bytes < user.bytes;
                    if (isBefore && other.isWaiting(nowNanos)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    void took(User user, long bytes) {
        Kind kind = user.kind;
        clock = Math.max(clock, kind.bytes);
        kind.clock = Math.max(kind.clock, user.bytes);
        kind.bytes += bytes;
        user.bytes += bytes;
        kind.slices++;
        kind.allBytes += bytes;
    }

    /** By kind, since the start; and how many users wait now. */
    Map<BackgroundWork, BackgroundFigures.Work> figures(long nowNanos) {
        Map<BackgroundWork, BackgroundFigures.Work> figures = new EnumMap<>(BackgroundWork.class);
        kinds.forEach((work, kind) -> figures.put(
                work, new BackgroundFigures.Work(kind.slices, kind.allBytes, kind.heldBack, (int) kind.users.stream()
                        .filter(user -> user.isWaiting(nowNanos))
                        .count())));
        return figures;
    }
}
