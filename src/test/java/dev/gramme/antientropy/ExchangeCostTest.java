package dev.gramme.antientropy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What {@link ExchangeCost} measures by hand on a million keys, in shape, on fewer. */
class ExchangeCostTest {
    private static final int KEYS = 20_000;
    private static final int PARTITIONS = 256;

    @Test
    void the_cost_of_an_exchange_follows_the_difference_and_not_the_data() {
        ExchangeCost cost = new ExchangeCost(KEYS);
        long equal = cost.differingIn(0, 2).bytes();
        assertTrue(equal < 64 * PARTITIONS, () -> equal + " bytes where nothing differs");
        long one = cost.differingIn(1, 3).bytes() - equal;
        assertTrue(one < 2_048, () -> one + " bytes for one key");
        long hundred = cost.differingIn(100, 4).bytes() - equal;
        assertTrue(hundred < 100 * 2_048, () -> hundred + " bytes for a hundred keys");
        long all = cost.differingIn(KEYS, 5).bytes();
        long copy = cost.fullCopy().bytes();
        assertTrue(all < 3 * copy, () -> all + " bytes where all differs, " + copy + " for a full copy");
    }
}
