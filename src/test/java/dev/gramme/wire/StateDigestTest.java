package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.ReplacedWrite;
import dev.gramme.version.ReplacedWrites;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** No part of a state is missing in its digest: what is, exchanges do not see. */
class StateDigestTest {
    private static final Dot DOT = new Dot(0xa, 2);
    private static final Content CONTENT = Content.value(Bytes.utf8("value"), "text/plain");

    private static VersionSet with(Version version) {
        return new VersionSet(CausalContext.of(DOT), List.of(version));
    }

    private static VersionSet with(Content content) {
        return with(new Version(DOT, 7, content, false));
    }

    private static Content withMetadata(String name, String value) {
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put(name, value);
        return new Content(false, CONTENT.value(), CONTENT.contentType(), metadata, Bytes.EMPTY);
    }

    private static final List<VersionSet> STATES = List.of(
            VersionSet.EMPTY,
            new VersionSet(CausalContext.of(DOT), List.of()),
            new VersionSet(CausalContext.of(new Dot(0xa, 3)), List.of()),
            new VersionSet(CausalContext.of(new Dot(0xb, 2)), List.of()),
            new VersionSet(CausalContext.of(new Dot(0xa, 3)), List.of(new Version(DOT, 7, CONTENT, false))),
            new VersionSet(CausalContext.of(DOT), List.of(), new ReplacedWrites(List.of(new ReplacedWrite(5, 6, DOT)))),
            new VersionSet(CausalContext.of(DOT), List.of(), new ReplacedWrites(List.of(new ReplacedWrite(5, 7, DOT)))),
            new VersionSet(CausalContext.of(DOT), List.of(), new ReplacedWrites(List.of(new ReplacedWrite(4, 6, DOT)))),
            new VersionSet(
                    CausalContext.of(DOT),
                    List.of(),
                    new ReplacedWrites(List.of(new ReplacedWrite(5, 6, new Dot(0xa, 1))))),
            with(CONTENT),
            with(new Version(DOT, 8, CONTENT, false)),
            with(new Version(DOT, 7, CONTENT, true)),
            with(CONTENT.expiringAt(9)),
            with(CONTENT.withIdempotencyKey(Bytes.utf8("key"))),
            with(Content.value(Bytes.utf8("vAlue"), "text/plain")),
            with(Content.value(Bytes.utf8("value\0"), "text/plain")),
            with(Content.value(Bytes.EMPTY, "text/plain")),
            with(Content.value(Bytes.utf8("value"), "text/pl4in")),
            with(withMetadata("name", "one")),
            with(withMetadata("name", "two")),
            with(withMetadata("nama", "two")),
            with(Content.delete()));

    @Test
    void states_that_differ_in_any_part_have_different_digests() {
        Set<Long> digests = new HashSet<>();
        STATES.forEach(state -> digests.add(StateDigest.of(state)));
        assertEquals(STATES.size(), digests.size());
    }

    @Test
    void each_single_bit_of_a_value_counts() {
        byte[] value = new byte[300];
        Set<Long> digests = new HashSet<>();
        for (int bit = 0; bit < 8 * value.length; bit++) {
            byte[] flipped = value.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            digests.add(StateDigest.of(with(Content.value(Bytes.of(flipped), ""))));
        }
        assertEquals(8 * value.length, digests.size());
    }

    @Test
    void equal_states_have_equal_digests_wherever_they_come_from() {
        for (VersionSet state : STATES) {
            assertEquals(StateDigest.of(state), StateDigest.of(StateCodec.decode(StateCodec.encode(state))));
        }
    }
}
