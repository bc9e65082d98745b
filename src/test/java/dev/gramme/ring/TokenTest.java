package dev.gramme.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TokenTest {
    // printf 'b\0k' | md5sum
    private static final Token MD5_OF_B_ZERO_K = new Token(0x6e32641b32b6b524L, 0x0a642b1b41c7c200L);

    @Test
    void a_token_is_the_md5_of_bucket_zero_byte_and_key() {
        assertEquals(MD5_OF_B_ZERO_K, Key.of("b", "k").token());
        assertNotEquals(Key.of("b", "k").token(), Key.of("bk", "k").token());
    }

    @Test
    void partitions_are_equal_ranges_of_the_unsigned_hash_space() {
        assertEquals(0, new Token(0, 0).partition(256));
        assertEquals(128, new Token(Long.MIN_VALUE, 0).partition(256));
        assertEquals(127, new Token(Long.MAX_VALUE, -1).partition(256));
        assertEquals(255, new Token(-1, -1).partition(256));
        assertEquals(2, new Token(-1, -1).partition(3));
    }

    @Test
    void keys_spread_evenly_over_the_partitions() {
        int[] count = new int[64];
        for (int i = 0; i < 64_000; i++) {
            count[Key.of("bucket", "key-" + i).token().partition(64)]++;
        }
        assertTrue(Arrays.stream(count).allMatch(n -> n > 850 && n < 1150), Arrays.toString(count));
    }
}
