package dev.gramme.wire;

/**
 * Whether one kind of background work may go on now, or clients need the time (DeCandia et al. 2007, 6.5). Ask before each slice, and say what it took; who is
 * refused asks again at its next tick, or after some milliseconds. Work is never refused for good.
 */
public interface Admission {
    /** Whether the next slice may be worked on. */
    boolean isOpen(long nowNanos);

    /** A slice was. @param bytes that it read or wrote, or what it cost besides in as many */
    void took(long bytes, long nowNanos);
}
