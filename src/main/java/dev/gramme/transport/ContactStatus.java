package dev.gramme.transport;

/**
 * How it goes with an address that is written to without knowing who listens there.
 *
 * @param connected its bridge answers
 * @param sentMessages handed to the socket since it was first contacted
 * @param lostMessages not sent: no connection, or too many waiting for one
 * @param lastError why it can't be reached or refuses us; empty once it has taken a frame
 */
public record ContactStatus(boolean connected, long sentMessages, long lostMessages, String lastError) {}
