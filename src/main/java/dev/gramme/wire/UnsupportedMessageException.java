package dev.gramme.wire;

/** A message that is whole for all we know, but newer than this program: of a newer format, or of a type it does not have. */
public final class UnsupportedMessageException extends MalformedException {
    private static final long serialVersionUID = 1L;

    public UnsupportedMessageException(String message) {
        super(message);
    }
}
