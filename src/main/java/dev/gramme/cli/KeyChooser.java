package dev.gramme.cli;

import java.util.random.RandomGenerator;

/** Which key the next request is about. */
sealed interface KeyChooser {
    int keys();

    /** A number from 0 to keys - 1. */
    int next(RandomGenerator random);

    /** Every key as likely as any other. */
    record Uniform(int keys) implements KeyChooser {
        @Override
        public int next(RandomGenerator random) {
            return random.nextInt(keys);
        }
    }

    /**
     * Few keys are asked for often: rank {@code i} with a probability proportional to {@code 1 / i^theta} (Gray et al. 1994, "Quickly Generating
     * Billion-Record Synthetic Databases"; theta 0.99 is YCSB's). A permutation spreads the ranks over the key numbers,
     * so that the popular keys are not neighbours.
     */
    final class Zipfian implements KeyChooser {
        static final double THETA = 0.99;
        private static final double GOLDEN_RATIO = 0.6180339887498949;

        private final int keys;
        private final double zetaOfKeys;
        private final double alpha = 1 / (1 - THETA);
        private final double eta;
        private final long stride;

        Zipfian(int keys) {
            this.keys = keys;
            this.zetaOfKeys = zeta(keys);
            this.eta = (1 - Math.pow(2.0 / keys, 1 - THETA)) / (1 - zeta(2) / zetaOfKeys);
            this.stride = stride(keys);
        }

        /** Without a common divisor with the number of keys, so that its multiples reach every key. */
        private static long stride(int keys) {
            long stride = Math.max(1, (long) (keys * GOLDEN_RATIO));
            while (greatestCommonDivisor(stride, keys) != 1) {
                stride++;
            }
            return stride;
        }

        private static long greatestCommonDivisor(long a, long b) {
            return b == 0 ? a : greatestCommonDivisor(b, a % b);
        }

        @Override
        public int keys() {
            return keys;
        }

        private static double zeta(int n) {
            double sum = 0;
            for (int i = 1; i <= n; i++) {
                sum += 1 / Math.pow(i, THETA);
            }
            return sum;
        }

        @Override
        public int next(RandomGenerator random) {
            double u = random.nextDouble();
            double uz = u * zetaOfKeys;
            int rank = uz < 1
                    ? 0
                    : uz < 1 + Math.pow(0.5, THETA)
                            ? 1
                            : (int) Math.min(keys - 1, keys * Math.pow(eta * u - eta + 1, alpha));
            return keyOf(rank);
        }

        /** The key of a rank, 0 the most popular: a permutation. */
        int keyOf(int rank) {
            return (int) (rank * stride % keys);
        }
    }
}
