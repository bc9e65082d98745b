package dev.gramme.ring;

import dev.gramme.version.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A place on the ring: the 128-bit MD5 of a bucket and a key (DeCandia et al. 2007, 4.1). MD5 spreads, it does not guard.
 *
 * @param high the first 64 bits, unsigned
 * @param low the last 64 bits, unsigned
 */
public record Token(long high, long low) {

    /** Hashes the bucket's name, a zero byte (no bucket's name has one) and the key's bytes. */
    static Token of(String bucket, Bytes name) {
        MessageDigest md5 = md5();
        md5.update(bucket.getBytes(StandardCharsets.UTF_8));
        md5.update((byte) 0);
        ByteBuffer digest = ByteBuffer.wrap(md5.digest(name.array()));
        return new Token(digest.getLong(), digest.getLong());
    }

    /** Which of {@code partitions} equal ranges of the hash space this token lies in. */
    public int partition(int partitions) {
        return (int) Math.unsignedMultiplyHigh(high, partitions);
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
