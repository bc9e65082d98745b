package dev.gramme.storage;

/** The data directory can't be used: the message says which one, what is wrong with it, and what to do. */
public class DataDirectoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DataDirectoryException(String message) {
        super(message);
    }

    public DataDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
