package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Dot;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContextTokenTest {
    private static final Key KEY = Key.of("fruit", "apple");
    private static final ClientContext CONTEXT = new ClientContext(
            CausalContext.of(new Dot(0x1122334455667788L, 5)).with(new Dot(-2, 300)), 99L << 16, new NodeId("n1"));

    private final ContextToken tokens = new ContextToken(Bytes.utf8("the cluster's secret"));
    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void every_context_comes_back_as_it_was() {
        RandomMessages messages = new RandomMessages(random);
        for (int i = 0; i < 2_000; i++) {
            Key key = messages.key();
            ClientContext context = messages.context();
            assertEquals(context, tokens.decode(key, tokens.encode(key, context)));
        }
    }

    @Test
    void another_node_of_the_cluster_reads_it() {
        ContextToken other = new ContextToken(Bytes.utf8("the cluster's secret"));
        assertEquals(CONTEXT, other.decode(KEY, tokens.encode(KEY, CONTEXT)));
    }

    @Test
    void a_token_is_safe_in_a_header_and_in_an_address() {
        assertTrue(tokens.encode(KEY, CONTEXT).matches("[A-Za-z0-9_-]+"));
    }

    @Test
    void a_token_of_another_key_is_refused_and_told_so() {
        assertComplaint(Key.of("fruit", "pear"), tokens.encode(KEY, CONTEXT), "another key");
        assertComplaint(Key.of("fruits", "apple"), tokens.encode(KEY, CONTEXT), "another key");
    }

    @Test
    void no_byte_passes_from_the_key_to_the_payload() {
        byte[] token = Base64.getUrlDecoder().decode(tokens.encode(KEY, CONTEXT));
        int payload = token[1];
        ByteWriter forged = new ByteWriter(128).u8(ContextToken.FORMAT).count(payload - 1);
        forged.raw(token, 3, token.length - 3);
        byte[] longerName =
                "apple".concat(String.valueOf((char) token[2])).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String text = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(forged.toBytes().array());
        assertThrows(MalformedException.class, () -> tokens.decode(new Key("fruit", Bytes.of(longerName)), text));
    }

    @Test
    void a_token_of_another_cluster_is_refused() {
        String foreign = new ContextToken(Bytes.utf8("another secret")).encode(KEY, CONTEXT);
        assertComplaint(KEY, foreign, "another cluster");
    }

    @Test
    void a_token_cut_short_anywhere_is_refused() {
        String whole = tokens.encode(KEY, CONTEXT);
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThrows(MalformedException.class, () -> tokens.decode(KEY, cut));
        }
        assertComplaint(KEY, whole.substring(0, whole.length() - 8), "truncated");
        assertComplaint(KEY, "", "empty");
    }

    @Test
    void a_token_changed_anywhere_is_refused() {
        byte[] whole = Base64.getUrlDecoder().decode(tokens.encode(KEY, CONTEXT));
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] changed = whole.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
            assertThrows(MalformedException.class, () -> tokens.decode(KEY, text));
        }
    }

    @Test
    void random_text_is_refused() {
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("AQ");
            for (int j = random.nextInt(80); j > 0; j--) {
                text.append((char) (i % 2 == 0 ? 'A' + random.nextInt(26) : random.nextInt(1, 0xD800)));
            }
            assertThrows(MalformedException.class, () -> tokens.decode(KEY, text.toString()));
        }
    }

    @Test
    void damage_a_newer_format_and_excess_are_told_apart() {
        String whole = tokens.encode(KEY, CONTEXT);
        assertComplaint(
                KEY, whole.substring(0, 10) + (whole.charAt(10) == 'A' ? 'B' : 'A') + whole.substring(11), "damaged");
        assertComplaint(KEY, "Ag" + whole.substring(2), "newer node");
        assertComplaint(KEY, whole + "AAAA", "its length does not fit");
        assertComplaint(KEY, "not base64!", "not base64url");
        assertComplaint(KEY, "A".repeat(ContextToken.MAX_CHARACTERS + 1), "none of ours");
    }

    private void assertComplaint(Key key, String token, String part) {
        String complaint = String.valueOf(assertThrows(MalformedException.class, () -> tokens.decode(key, token))
                .getMessage());
        assertTrue(complaint.contains(part), complaint);
    }
}
