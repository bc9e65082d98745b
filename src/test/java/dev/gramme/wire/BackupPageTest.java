package dev.gramme.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.generators.CausalHistory;
import dev.gramme.ring.Key;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class BackupPageTest {
    private static final int RECORDS = 12;

    @Test
    void a_page_is_read_as_it_was_written() {
        BackupPage page = page(true);
        assertEquals(page, BackupPage.decode(page.encode()));
        BackupPage last = new BackupPage(true, List.of(), true);
        assertEquals(last, BackupPage.decode(last.encode()));
    }

    @Test
    void a_page_of_digests_has_the_digests_of_the_states_and_no_states() {
        List<Message.RangeEntry> digests = new ArrayList<>();
        for (Message.RangeEntry each : page(true).records()) {
            digests.add(new Message.RangeEntry(each.key(), each.digest(), VersionSet.EMPTY));
        }
        BackupPage page = new BackupPage(false, digests, false);
        assertEquals(page, BackupPage.decode(page.encode()));
    }

    @Test
    void a_byte_that_was_changed_and_an_end_that_is_missing_are_noticed() {
        byte[] bytes = page(true).encode();
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 0x10;
            assertThrows(MalformedException.class, () -> BackupPage.decode(changed));
            byte[] cut = Arrays.copyOf(bytes, i);
            assertThrows(MalformedException.class, () -> BackupPage.decode(cut));
        }
    }

    @Test
    void what_is_wrong_is_told_with_the_number_of_the_record() {
        List<Message.RangeEntry> records = new ArrayList<>(page(true).records());
        records.add(records.get(1));
        byte[] unordered = new BackupPage(true, records, true).encode();
        String told = assertThrows(MalformedException.class, () -> BackupPage.decode(unordered))
                .getMessage();
        assertTrue(told.startsWith("record " + (RECORDS + 1) + " of " + (RECORDS + 1) + ":"), told);
        Key key = Key.of("b", "k");
        byte[] nothing = new BackupPage(true, List.of(new Message.RangeEntry(key, 1, VersionSet.EMPTY)), true).encode();
        told = assertThrows(MalformedException.class, () -> BackupPage.decode(nothing))
                .getMessage();
        assertTrue(told.startsWith("record 1 of 1:") && told.contains("says nothing"), told);
    }

    @Test
    void a_format_that_is_not_known_is_told() {
        byte[] bytes = page(true).encode();
        bytes[0] = 2;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        for (int i = 0; i < 4; i++) {
            bytes[bytes.length - 4 + i] = (byte) (crc.getValue() >>> 24 - 8 * i);
        }
        String told = assertThrows(MalformedException.class, () -> BackupPage.decode(bytes))
                .getMessage();
        assertTrue(told.contains("format 2"), told);
    }

    private static BackupPage page(boolean complete) {
        CausalHistory history = new CausalHistory(7, 3, CausalHistory.AfterForgetting.RENEW_ACTOR);
        for (int i = 0; i < 200; i++) {
            history.step();
        }
        List<VersionSet> states =
                history.reached().stream().filter(state -> !state.isEmpty()).toList();
        TreeMap<Key, VersionSet> sorted = new TreeMap<>();
        for (int i = 0; i < RECORDS; i++) {
            sorted.put(Key.of("b", "k" + i), states.get(states.size() - 1 - i));
        }
        List<Message.RangeEntry> records = new ArrayList<>();
        sorted.forEach((key, state) -> records.add(new Message.RangeEntry(key, StateDigest.of(state), state)));
        return new BackupPage(true, records, complete);
    }
}
