package dev.gramme.wire;

import dev.gramme.version.ReplacedWrite;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;

/**
 * A 64-bit digest of a key's causal state. Dots name versions uniquely, so context and dots say all of the versions: contents
 * need not be hashed. (So it does not show that a value was altered in memory, before its record's checksum was made.) Which writes are known to be replaced is part of it: replicas that differ in it would resolve the same sibling differently.
 */
public final class StateDigest {
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
        }
        for (ReplacedWrite entry : state.replaced().entries()) {
            hash = mix(hash ^ entry.keyHash());
            hash = mix(hash ^ entry.time());
        }
        return hash == 0 ? 1 : hash;
    }

    /** Finaliser of SplitMix64 (Steele et al. 2014). */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
