package dev.gramme.transport;

import dev.gramme.version.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that bytes were written by someone who has the cluster key: HMAC-SHA256, the first {@value #TAG_BYTES} bytes of it (RFC 2104, 5 allows half).
 * Not thread-safe: the Mac is kept, because to make and key one costs more than to seal a small batch.
 */
final class Seal {
    static final int TAG_BYTES = 16;

    /** The key in use is derived from the cluster key, so that no tag made here is worth anything where the cluster key seals other things. */
    private static final String PURPOSE = "gramme transport batch, format 1";

    private final Mac mac;

    Seal(Bytes clusterKey) {
        Mac derivation = keyed(clusterKey.array());
        this.mac = keyed(derivation.doFinal(PURPOSE.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The tag of the first {@code length} bytes. */
    byte[] tag(byte[] array, int length) {
        mac.update(array, 0, length);
        return Arrays.copyOf(mac.doFinal(), TAG_BYTES);
    }

    /** Whether the first {@code length} bytes are followed by their tag. Takes the same time wherever a wrong one differs. */
    boolean holds(byte[] array, int length) {
        return MessageDigest.isEqual(tag(array, length), Arrays.copyOfRange(array, length, length + TAG_BYTES));
    }

    private static Mac keyed(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256, and it takes any key", e);
        }
    }
}
