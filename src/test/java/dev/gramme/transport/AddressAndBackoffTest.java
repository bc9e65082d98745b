package dev.gramme.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressAndBackoffTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:7101", "node-1.gramme:0", "[::1]:65535"})
    void an_address_is_read_and_written_the_same(String text) {
        assertEquals(text, HostAndPort.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", ":1", "host:", "host:x", "host:-1", "host:65536", "::1:7101", "[]:1"})
    void what_is_no_address_is_named_in_the_error(String text) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> HostAndPort.parse(text));
        assertTrue(error.getMessage().contains("'" + text + "'"), error::getMessage);
    }

    @Test
    void an_allowance_is_used_up_and_there_again_in_the_next_second() {
        long[] now = {7};
        Allowance allowance = new Allowance(2, () -> now[0]);
        assertTrue(allowance.take());
        assertTrue(allowance.take());
        assertFalse(allowance.take());
        now[0] += 1_000_000_000L;
        assertTrue(allowance.take());
    }

    @Test
    void the_wait_doubles_up_to_its_bound_less_up_to_half_by_chance() {
        Backoff backoff = new Backoff(50, 2_000, new SplittableRandom(1));
        for (int whole : new int[] {50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000}) {
            int wait = backoff.nextMillis();
            assertTrue(wait >= whole / 2 && wait <= whole, wait + " of " + whole);
        }
        backoff.reset();
        assertTrue(backoff.nextMillis() <= 50);
    }
}
