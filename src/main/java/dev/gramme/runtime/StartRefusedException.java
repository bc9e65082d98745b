package dev.gramme.runtime;

/** The node can't start; the message says why and what to do. */
public class StartRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    public StartRefusedException(String message) {
        super(message);
    }
}
