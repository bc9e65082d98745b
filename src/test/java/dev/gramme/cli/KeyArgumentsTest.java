package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class KeyArgumentsTest {
    @Test
    void any_bytes_become_one_path_segment_and_come_back() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }

        String segment = KeyArguments.encode(all);

        assertThat(segment).matches("([A-Za-z0-9_~-]|%[0-9A-F]{2})+");
        assertThat(decode(segment)).isEqualTo(all);
        assertThat(URI.create("http://h/v1/kv/b/" + segment).getRawPath()).isEqualTo("/v1/kv/b/" + segment);
    }

    @Test
    void text_is_encoded_as_utf_8() {
        assertThat(KeyArguments.encode("a/b?c=ü€%")).isEqualTo("a%2Fb%3Fc%3D%C3%BC%E2%82%AC%25");
    }

    @Test
    void segments_of_dots_are_not_taken_for_steps_up() {
        assertThat(KeyArguments.encode("..")).isEqualTo("%2E%2E");
    }

    private static byte[] decode(String segment) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < segment.length(); i++) {
            if (segment.charAt(i) == '%') {
                hex.append(segment, i + 1, i + 3);
                i += 2;
            } else {
                hex.append(HexFormat.of().toHexDigits((byte) segment.charAt(i)));
            }
        }
        return HexFormat.of().parseHex(hex);
    }
}
