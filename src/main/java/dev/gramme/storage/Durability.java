package dev.gramme.storage;

/** When a write counts as durable. */
public enum Durability {
    /** After a force of the log that covers it: an acknowledged write survives a power cut. */
    SYNC,
    /** After it was handed to the operating system; the log is forced at an interval. Survives kill -9, not a power cut. */
    INTERVAL
}
