package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Rumour;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the members: of each the highest record it gave of itself, and the highest accusation. Both are maxima under a total order, so this is
 * a join-semilattice: rumours in any order, late, and repeated lead to the same. SWIM's precedence follows (Das et al. 2002, 4.2): an accusation holds
 * until the member's record has a higher incarnation; at one incarnation down is above suspect, and suspect above alive.
 */
final class Roster {
    private static final Comparator<MemberRecord> RECORDS =
            Comparator.comparingLong(MemberRecord::incarnation).thenComparingLong(MemberRecord::instance);

    private static final Comparator<Rumour.Accused> ACCUSATIONS =
            Comparator.comparingLong(Rumour.Accused::incarnation).thenComparing(Rumour.Accused::down);

    private final SortedMap<NodeId, MemberRecord> records = new TreeMap<>();
    private final SortedMap<NodeId, Rumour.Accused> accusations = new TreeMap<>();
    private long hash;

    /** By id; a live view, not to be changed. */
    SortedMap<NodeId, MemberRecord> records() {
        return Collections.unmodifiableSortedMap(records);
    }

    @Nullable
    MemberRecord record(NodeId id) {
        return records.get(id);
    }

    int size() {
        return records.size();
    }

    /** Whether that is news. */
    boolean learn(MemberRecord record) {
        MemberRecord before = records.get(record.id());
        if (before != null && RECORDS.compare(record, before) <= 0) {
            return false;
        }
        hash -= share(record.id());
        records.put(record.id(), record);
        hash += share(record.id());
        return true;
    }

    /** Whether that is news. Of who is not known yet it is kept all the same: the record may come later. */
    boolean learn(Rumour.Accused accused) {
        Rumour.Accused before = accusations.get(accused.member());
        if (before != null && ACCUSATIONS.compare(accused, before) <= 0) {
            return false;
        }
        hash -= share(accused.member());
        accusations.put(accused.member(), accused);
        hash += share(accused.member());
        return true;
    }

    /** What holds against it; null if nothing does. */
    Rumour.@Nullable Accused accusation(NodeId id) {
        MemberRecord record = records.get(id);
        Rumour.Accused accused = accusations.get(id);
        return record != null && accused != null && accused.incarnation() >= record.incarnation() ? accused : null;
    }

    Verdict verdict(NodeId id) {
        Rumour.Accused accused = accusation(id);
        if (accused == null) {
            return Verdict.ALIVE;
        }
        return accused.down() ? Verdict.DOWN : Verdict.SUSPECT;
    }

    /** The highest incarnation in which anything was said of it; 0 if nothing was. */
    long highest(NodeId id) {
        MemberRecord record = records.get(id);
        Rumour.Accused accused = accusations.get(id);
        return Math.max(record == null ? 0 : record.incarnation(), accused == null ? 0 : accused.incarnation());
    }

    void forget(NodeId id) {
        hash -= share(id);
        records.remove(id);
        accusations.remove(id);
    }

    /** All of it, for somebody who may know nothing. */
    List<Rumour> everything() {
        List<Rumour> all = new ArrayList<>();
        for (MemberRecord record : records.values()) {
            all.add(new Rumour.Alive(record));
            Rumour.Accused accused = accusation(record.id());
            if (accused != null) {
                all.add(accused);
            }
        }
        accusations.values().stream()
                .filter(accused -> !records.containsKey(accused.member()))
                .forEach(all::add);
        return all;
    }

    /** Equal rosters have equal hashes, however they came to be: the sum of their members'. */
    long hash() {
        return hash;
    }

    private long share(NodeId id) {
        MemberRecord record = records.get(id);
        if (record == null) {
            return 0;
        }
        long name = 0xCBF29CE484222325L;
        for (int i = 0; i < id.name().length(); i++) {
            name = (name ^ id.name().charAt(i)) * 0x100000001B3L;
        }
        long share = mix(mix(name ^ record.incarnation()) + record.instance());
        Rumour.Accused accused = accusation(id);
        return accused == null ? share : mix(share + 2 * accused.incarnation() + (accused.down() ? 1 : 0));
    }

    /** The finaliser of MurmurHash3: each bit of the argument changes half the bits of the result. */
    static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
