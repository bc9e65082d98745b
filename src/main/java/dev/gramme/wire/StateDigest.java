package dev.gramme.wire;

import dev.gramme.version.Bytes;
import dev.gramme.version.Content;
import dev.gramme.version.ReplacedWrite;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A 64-bit digest of all that a key's state says. Dots name versions uniquely, so context and dots would say all of the versions, did memory never fail: what is altered before its
 * record's checksum is made bears the right dot, and only its contents tell. Which writes are known to be replaced is part of it: replicas that differ in it would resolve the
 * same sibling differently.
 */
public final class StateDigest {
    private static final int TOMBSTONE = 1;
    private static final int CONTIGUOUS = 2;

    private StateDigest() {}

    /** Never 0: 0 stands for "none". */
    public static long of(VersionSet state) {
        long hash = 0x9E3779B97F4A7C15L;
        for (int i = 0; i < state.context().size(); i++) {
            hash = mix(hash ^ state.context().actor(i));
            hash = mix(hash ^ state.context().counter(i));
        }
        hash = mix(hash + state.siblings().size());
        for (Version sibling : state.siblings()) {
            hash = mix(hash ^ sibling.dot().actor());
            hash = mix(hash ^ sibling.dot().counter());
            hash = mix(hash ^ sibling.time());
            hash = with(hash, sibling.content(), sibling.contiguous() ? CONTIGUOUS : 0);
        }
        for (ReplacedWrite entry : state.replaced().entries()) {
            hash = mix(hash ^ entry.keyHash());
            hash = mix(hash ^ entry.time());
            hash = mix(hash ^ entry.dot().actor());
            hash = mix(hash ^ entry.dot().counter());
        }
        return hash == 0 ? 1 : hash;
    }

    private static long with(long before, Content content, int flags) {
        long hash = mix(before + (flags | (content.tombstone() ? TOMBSTONE : 0)));
        hash = mix(hash ^ content.expiresMillis());
        hash = with(hash, content.value());
        hash = with(hash, content.idempotencyKey());
        hash = mix(hash ^ content.contentType().hashCode());
        for (Map.Entry<String, String> entry : content.metadata().entrySet()) {
            hash = mix(hash ^ entry.getKey().hashCode());
            hash = mix(hash ^ entry.getValue().hashCode());
        }
        return hash;
    }

    private static long with(long hash, Bytes bytes) {
        if (bytes.isEmpty()) {
            return mix(hash);
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.array());
        return mix(hash ^ ((long) bytes.size() << Integer.SIZE | crc.getValue()));
    }

    /** Finaliser of SplitMix64 (Steele et al. 2014). */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
