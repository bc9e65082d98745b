package dev.gramme.storage;

import dev.gramme.replica.DotSource;
import dev.gramme.version.Dot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The two actors and their counters. A counter is reserved on the disk a block ahead; the next block is reserved in the background when half is
 * used, so that nobody waits for it.
 */
final class Dots implements DotSource {
    static final long BLOCK = 1_000_000;

    private final DataDirectory directory;
    private final Executor background;
    private final SecureRandom random = new SecureRandom();
    private final AtomicBoolean reserving = new AtomicBoolean();
    private volatile Counter owner;
    private volatile Counter hint;
    private volatile boolean hintStale;

    private static final class Counter {
        final long actor;
        final AtomicLong last;
        volatile long reserved;

        Counter(long actor, long last) {
            this.actor = actor;
            this.last = new AtomicLong(last);
            this.reserved = last;
        }

        boolean runsLow() {
            return last.get() > reserved - BLOCK / 2;
        }
    }

    /** @throws IOException if the first blocks can't be reserved */
    Dots(DataDirectory directory, Executor background) throws IOException {
        this.directory = directory;
        this.background = background;
        Identity identity = directory.identity();
        this.owner = new Counter(identity.ownerActor(), identity.ownerReserved());
        this.hint = new Counter(identity.hintActor(), identity.hintReserved());
        reserve();
    }

    @Override
    public Dot mint() {
        return mint(owner);
    }

    @Override
    public Dot mintForHint() {
        if (hintStale) {
            renewStaleHint();
        }
        return mint(hint);
    }

    private Dot mint(Counter counter) {
        long next = counter.last.incrementAndGet();
        while (next > counter.reserved) {
            reserveNow();
        }
        if (counter.runsLow() && reserving.compareAndSet(false, true)) {
            background.execute(() -> {
                try {
                    reserveNow();
                } finally {
                    reserving.set(false);
                }
            });
        }
        return new Dot(counter.actor, next);
    }

    @Override
    public synchronized void renewActor() {
        owner = renewed(owner);
    }

    /** Lazily: dropping a million hints makes one new actor, and only if another hint is minted; and none if the old one had minted nothing. */
    @Override
    public void renewHintActor() {
        hintStale = true;
    }

    private synchronized void renewStaleHint() {
        if (hintStale) {
            hint = renewed(hint);
            hintStale = false;
        }
    }

    /**
     * Not written down here: a crash takes new actors anyway, an orderly close writes them. Its counter goes on from the old one's and within
     * the old one's block.
     */
    private Counter renewed(Counter old) {
        Counter counter = new Counter(random.nextLong(), old.last.get());
        counter.reserved = old.reserved;
        // Who holds the old one still may mint from it: nobody goes on with that actor, so it needs no block any more.
        old.reserved = Long.MAX_VALUE;
        return counter;
    }

    private void reserveNow() {
        try {
            reserve();
        } catch (IOException failure) {
            throw new UncheckedIOException("dots could not be reserved in " + directory.root(), failure);
        }
    }

    private synchronized void reserve() throws IOException {
        Counter o = owner;
        Counter h = hint;
        long ownerReserved = o.runsLow() ? o.last.get() + BLOCK : o.reserved;
        long hintReserved = h.runsLow() ? h.last.get() + BLOCK : h.reserved;
        directory.saveActors(o.actor, ownerReserved, h.actor, hintReserved);
        o.reserved = ownerReserved;
        h.reserved = hintReserved;
    }

    /** Nothing is minted any more: writes down how far it went. */
    synchronized void close() throws IOException {
        if (hintStale) {
            renewStaleHint();
        }
        directory.saveActors(owner.actor, owner.last.get(), hint.actor, hint.last.get());
    }

    @Override
    public long actor() {
        return owner.actor;
    }

    @Override
    public long hintActor() {
        return hint.actor;
    }
}
