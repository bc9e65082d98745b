package dev.gramme.handoff;

/** Whether background work may go on now, or clients need the time (DeCandia et al. 2007, 6.5). */
public interface Admission {
    /** Whether the next slice may be worked on. */
    boolean isOpen(long nowNanos);

    /** A slice was. @param bytes that it read, or what it cost besides in as many */
    void took(long bytes, long nowNanos);
}
