package dev.gramme.antientropy.model;

import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;

/** What was written, what its writers had been shown, and what was promised. A write's number is its dot's actor. */
final class ModelHistory {
    private record Write(int key, boolean delete, BitSet seen) {}

    private final List<Write> writes = new ArrayList<>();
    private final BitSet minted = new BitSet();
    private final BitSet acknowledged = new BitSet();

    /** @param seen numbers of the writes that its writer was shown; not changed afterwards */
    int write(int key, boolean delete, BitSet seen) {
        writes.add(new Write(key, delete, seen));
        return writes.size();
    }

    void minted(int number) {
        minted.set(number);
    }

    void acknowledged(int number) {
        acknowledged.set(number);
    }

    /** What somebody has seen who is shown this state. */
    BitSet shown(VersionSet state) {
        BitSet seen = new BitSet();
        for (Version sibling : state.siblings()) {
            int number = (int) sibling.dot().actor();
            seen.set(number);
            seen.or(of(number).seen);
        }
        return seen;
    }

    private Write of(int number) {
        return writes.get(number - 1);
    }

    /** @param forgetful a disk has forgotten in this run: what only it held is not owed */
    List<String> broken(List<SortedMap<Integer, VersionSet>> owners, boolean forgetful) {
        List<String> found = new ArrayList<>();
        for (SortedMap<Integer, VersionSet> owner : owners) {
            if (!owner.equals(owners.getFirst())) {
                found.add("owners differ: " + owner + " and " + owners.getFirst());
            }
            owner.values().forEach(state -> cameBack(state, found));
        }
        for (int number = 1; number <= writes.size() && !forgetful; number++) {
            if (acknowledged.get(number) && !of(number).delete && !survives(number, owners.getFirst())) {
                found.add("write " + number + " was acknowledged and is lost");
            }
        }
        return found;
    }

    private void cameBack(VersionSet state, List<String> found) {
        for (Version sibling : state.values()) {
            int number = (int) sibling.dot().actor();
            for (int later = 1; later <= writes.size(); later++) {
                if (acknowledged.get(later) && of(later).seen.get(number)) {
                    found.add("write " + number + " came back; the acknowledged " + later + " had seen it");
                }
            }
        }
    }

    private boolean survives(int number, SortedMap<Integer, VersionSet> owner) {
        VersionSet state = owner.getOrDefault(of(number).key, VersionSet.EMPTY);
        for (Version sibling : state.siblings()) {
            if (sibling.dot().actor() == number) {
                return true;
            }
        }
        for (int later = 1; later <= writes.size(); later++) {
            if (minted.get(later) && of(later).seen.get(number)) {
                return true;
            }
        }
        return false;
    }
}
