package dev.gramme.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One key and value to write.
 *
 * @param number from 1: its place in the file
 */
record ImportRecord(long number, byte[] key, byte[] value, String contentType) {
    private static final int IDEMPOTENCY_KEY_BYTES = 16;

    /**
     * Made from what is written, not from where it stands: a retry is the same write, and so is the record of a file that was corrected and is
     * imported again; neither becomes a sibling of what is there.
     */
    String idempotencyKey() {
        MessageDigest digest = sha256();
        for (byte[] part : new byte[][] {key, contentType.getBytes(StandardCharsets.UTF_8), value}) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
            digest.update(part);
        }
        return "import-" + HexFormat.of().formatHex(digest.digest(), 0, IDEMPOTENCY_KEY_BYTES);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
