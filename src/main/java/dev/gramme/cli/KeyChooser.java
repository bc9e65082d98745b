package dev.gramme.cli;

import java.util.random.RandomGenerator;

/** Which key the next request is about. */
sealed interface KeyChooser {
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
     * Billion-Record Synthetic Databases"; theta 0.99 is YCSB's). Ranks are spread over the key numbers.
     */
    final class Zipfian implements KeyChooser {
        static final double THETA = 0.99;
        private static final int SPREAD = 0x9E3779B1;

        private final int keys;
        private final double zetaOfKeys;
        private final double alpha = 1 / (1 - THETA);
        private final double eta;

        Zipfian(int keys) {
            this.keys = keys;
            this.zetaOfKeys = zeta(keys);
            this.eta = (1 - Math.pow(2.0 / keys, 1 - THETA)) / (1 - zeta(2) / zetaOfKeys);
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
            return Math.floorMod(rank * SPREAD, keys);
        }
    }
}
