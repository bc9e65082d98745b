package dev.gramme.cli;

/**
 * One key and value to write.
 *
 * @param number from 1: its place in the file, and with the file's identity the idempotency key
 */
record ImportRecord(long number, byte[] key, byte[] value, String contentType) {}
