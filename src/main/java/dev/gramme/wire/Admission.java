package dev.gramme.wire;

/**
 * Whether one kind of background work may go on now, or clients need the time (DeCandia et al. 2007, 6.5). Ask before each slice, and say what it took; who is
 * refused asks again soon, at its next tick or after {@link #ASK_AGAIN_MILLIS}: who does not, loses its turn. Work is never refused for good.
 */
public interface Admission {
    /** For a thread that has no ticks. */
    int ASK_AGAIN_MILLIS = 10;

    /** Whether the next slice may be worked on. */
    boolean isOpen(long nowNanos);

    /** How large the next slice is to be at most: small where little is let through, because in a slice clients wait. @param mostBytes that the user would take itself */
    int sliceBytes(int mostBytes);

    /** A slice was. @param bytes that it read or wrote, or what it cost besides in as many */
    void took(long bytes, long nowNanos);
}
