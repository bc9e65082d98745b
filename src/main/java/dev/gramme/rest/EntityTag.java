package dev.gramme.rest;

import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import java.util.List;

/** ETags: a version's is its dot; that of several siblings is a hash of their dots. Dots name versions uniquely, so contents need no hashing. */
final class EntityTag {
    private EntityTag() {}

    static String of(Dot dot) {
        return '"' + Long.toHexString(dot.actor()) + '-' + Long.toHexString(dot.counter()) + '"';
    }

    static String of(List<Version> siblings) {
        if (siblings.size() == 1) {
            return of(siblings.get(0).dot());
        }
        long hash = siblings.size();
        for (Version sibling : siblings) {
            hash = mix(hash ^ sibling.dot().actor());
            hash = mix(hash ^ sibling.dot().counter());
        }
        return "\"s" + siblings.size() + '-' + Long.toHexString(hash) + '"';
    }

    /**
     * Whether a list of tags names this one; {@code *} names any (RFC 9110, 13.1). Ours hold no comma, so splitting is safe for finding them.
     */
    static boolean names(String list, String tag) {
        for (String each : list.split(",")) {
            String candidate = each.strip();
            if (candidate.equals("*")
                    || candidate.equals(tag)
                    || candidate.startsWith("W/") && candidate.substring(2).equals(tag)) {
                return true;
            }
        }
        return false;
    }

    /** Finaliser of SplitMix64 (Steele et al. 2014). */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
