package dev.gramme.sim;

import java.util.List;

/**
 * A stream of pseudo-random numbers: SplitMix64 (Steele et al. 2014), written out here so that a seed means the same on every JDK.
 *
 * <p>Each part of the world forks its own stream by name: what one part draws does not shift what another sees.
 */
final class Randomness {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final long origin;
    private long state;

    Randomness(long seed) {
        this.origin = mix(seed + GOLDEN_GAMMA);
        this.state = origin;
    }

    /** A stream of its own, the same for the same seed and purpose, however much was drawn from this one. */
    Randomness fork(String purpose) {
        return new Randomness(mix(origin ^ (purpose.hashCode() * GOLDEN_GAMMA)));
    }

    long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** 0 to {@code bound - 1}. */
    int below(int bound) {
        return (int) Math.unsignedMultiplyHigh(next(), bound);
    }

    /** {@code low} to {@code high}, both included. */
    long between(long low, long high) {
        return low + Math.unsignedMultiplyHigh(next(), high - low + 1);
    }

    /** 0 to 1, 1 excluded. */
    double unit() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    boolean chance(double probability) {
        return unit() < probability;
    }

    /** Exponentially distributed with this mean, cut off at ten times it. */
    long exponential(long mean) {
        return (long) Math.min(10.0 * mean, -mean * Math.log(1 - unit()));
    }

    <T> T pick(List<T> from) {
        return from.get(below(from.size()));
    }

    <T> void shuffle(List<T> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            int j = below(i + 1);
            T other = list.get(j);
            list.set(j, list.get(i));
            list.set(i, other);
        }
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
