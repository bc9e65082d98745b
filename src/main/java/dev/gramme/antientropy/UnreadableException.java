package dev.gramme.antientropy;

/** A partition's store can't be read now. The store itself reports where it is broken. */
public final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableException(Throwable cause) {
        super(cause);
    }
}
