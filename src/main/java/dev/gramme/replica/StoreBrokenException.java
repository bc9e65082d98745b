package dev.gramme.replica;

/** A store can't be read: the message says which file, where in it, and what was found. */
public class StoreBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreBrokenException(String message) {
        super(message);
    }

    public StoreBrokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
