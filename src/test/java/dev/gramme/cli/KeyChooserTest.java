package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyChooserTest {
    @Test
    void a_zipfian_choice_reaches_every_key_through_a_permutation_of_the_ranks() {
        for (int keys : new int[] {2, 3, 10, 1_000, 1_024, 9_999, 65_536}) {
            KeyChooser.Zipfian zipfian = new KeyChooser.Zipfian(keys);
            assertThat(IntStream.range(0, keys).map(zipfian::keyOf).distinct().count())
                    .as("of %s", keys)
                    .isEqualTo(keys);
        }
    }

    @Test
    void the_most_popular_keys_are_asked_for_as_often_as_the_law_says() {
        int keys = 1_000;
        int draws = 400_000;
        int[] counts = counts(new KeyChooser.Zipfian(keys), draws);
        double zeta = IntStream.rangeClosed(1, keys)
                .mapToDouble(i -> Math.pow(i, -KeyChooser.Zipfian.THETA))
                .sum();

        KeyChooser.Zipfian zipfian = new KeyChooser.Zipfian(keys);
        for (int rank : new int[] {0, 1}) {
            double expected = draws * Math.pow(rank + 1, -KeyChooser.Zipfian.THETA) / zeta;
            assertThat((double) counts[zipfian.keyOf(rank)]).isCloseTo(expected, within(expected * 0.05));
        }
        long ofTopTenth = IntStream.range(0, keys / 10)
                .map(rank -> counts[zipfian.keyOf(rank)])
                .sum();
        assertThat(ofTopTenth).isBetween(draws * 6L / 10, draws * 8L / 10);
    }

    @Test
    void a_uniform_choice_prefers_no_key() {
        int[] counts = counts(new KeyChooser.Uniform(100), 100_000);

        assertThat(IntStream.of(counts).min().orElseThrow()).isGreaterThan(800);
        assertThat(IntStream.of(counts).max().orElseThrow()).isLessThan(1_200);
    }

    private static int[] counts(KeyChooser chooser, int draws) {
        SplittableRandom random = new SplittableRandom(1);
        int[] counts = new int[chooser.keys()];
        for (int i = 0; i < draws; i++) {
            counts[chooser.next(random)]++;
        }
        return counts;
    }
}
