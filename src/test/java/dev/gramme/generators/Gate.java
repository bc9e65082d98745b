package dev.gramme.generators;

import dev.gramme.wire.Admission;

/** Lets background work through, or does not, as a test says. */
public final class Gate implements Admission {
    public boolean open = true;
    /** No slice is larger. */
    public int mostBytes = Integer.MAX_VALUE;

    /** Bytes of all slices. */
    public long took;

    @Override
    public boolean isOpen(long nowNanos) {
        return open;
    }

    @Override
    public int sliceBytes(int most) {
        return Math.min(most, mostBytes);
    }

    @Override
    public void took(long bytes, long nowNanos) {
        took += bytes;
    }
}
