package dev.gramme.wire;

/** Bytes that are no message, record or token of ours; the message says what was wrong and where. */
public class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        super(message);
    }
}
