package dev.gramme.figures;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** The median of what pairs of measurements gave, and how sure it is: the middle 95% of the medians of resamples (the bootstrap: Efron 1979). */
public final class Medians {
    private static final int RESAMPLES = 10_000;

    private Medians() {}

    public static double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** @param ratios less 1: -0.05 is shown as -5.0% */
    public static String percent(double[] ratios) {
        Random chance = new Random(7);
        double[] medians = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            medians[i] = of(chance.ints(ratios.length, 0, ratios.length)
                    .mapToDouble(each -> ratios[each])
                    .toArray());
        }
        Arrays.sort(medians);
        String middle = String.format(Locale.ROOT, "%+.1f%%", 100 * of(ratios));
        return ratios.length == 1
                ? middle
                : String.format(
                        Locale.ROOT,
                        "%s (%+.1f%% to %+.1f%%)",
                        middle,
                        100 * medians[RESAMPLES / 40],
                        100 * medians[RESAMPLES - RESAMPLES / 40]);
    }
}
