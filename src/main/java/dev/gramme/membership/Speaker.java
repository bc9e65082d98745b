package dev.gramme.membership;

/** Whom a message is from. */
public enum Speaker {
    /** The process that is the member, as far as is known. */
    MEMBER,
    /** Of an id that is not known. */
    STRANGER,
    /** Another process than the one that is the member, as far as is known: its next life, or a second one. */
    RIVAL
}
