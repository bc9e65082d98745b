package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.GossipCodec;
import dev.gramme.wire.Rumour;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Rumours still worth telling. Each is told {@link #RETRANSMISSIONS} times the logarithm of the number of members, which is enough for all to have heard
 * it with high probability (Das et al. 2002, 4.1); those told least come first, so that a fresh one never waits behind a stale one.
 */
final class Dissemination {
    /** SWIM's lambda. */
    static final int RETRANSMISSIONS = 4;

    /** Of rumours in one message: about what fits into one packet. */
    static final int MAX_BYTES = 1_300;

    /** A member's accusers each have a rumour of their own: confirmations must spread. */
    private record Subject(NodeId member, String accuser) implements Comparable<Subject> {
        private static final Comparator<Subject> ORDER =
                Comparator.comparing(Subject::member).thenComparing(Subject::accuser);

        static Subject of(Rumour rumour) {
            return switch (rumour) {
                case Rumour.Alive alive -> new Subject(alive.member(), "");
                case Rumour.Accused accused ->
                    new Subject(accused.member(), accused.by().name());
            };
        }

        @Override
        public int compareTo(Subject other) {
            return ORDER.compare(this, other);
        }
    }

    private record Telling(Rumour rumour, int bytes, int told, long number) {
        static final Comparator<Telling> LEAST_TOLD_FIRST = Comparator.comparingInt(Telling::told)
                .thenComparing(Comparator.comparingLong(Telling::number).reversed());
    }

    private final SortedMap<Subject, Telling> bySubject = new TreeMap<>();
    private final TreeSet<Telling> queue = new TreeSet<>(Telling.LEAST_TOLD_FIRST);
    private long number;

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** In place of what it makes pointless. */
    void add(Rumour rumour) {
        List<Subject> pointless = new ArrayList<>();
        SortedMap<Subject, Telling> sameMember = bySubject.tailMap(new Subject(rumour.member(), ""));
        for (SortedMap.Entry<Subject, Telling> entry : sameMember.entrySet()) {
            if (!entry.getKey().member().equals(rumour.member())) {
                break;
            }
            if (isPointlessBeside(rumour, entry.getValue().rumour())) {
                pointless.add(entry.getKey());
            }
        }
        pointless.add(Subject.of(rumour));
        pointless.forEach(this::remove);
        put(Subject.of(rumour), new Telling(rumour, GossipCodec.size(rumour), 0, ++number));
    }

    private static boolean isPointlessBeside(Rumour fresh, Rumour old) {
        if (old.incarnation() != fresh.incarnation()) {
            return old.incarnation() < fresh.incarnation();
        }
        return fresh instanceof Rumour.Accused(var m, var i, boolean down, var b)
                && down
                && old instanceof Rumour.Accused;
    }

    private void put(Subject subject, Telling telling) {
        bySubject.put(subject, telling);
        queue.add(telling);
    }

    private void remove(Subject subject) {
        Telling telling = bySubject.remove(subject);
        if (telling != null) {
            queue.remove(telling);
        }
    }

    void forget(NodeId member) {
        bySubject.keySet().stream()
                .filter(s -> s.member().equals(member))
                .toList()
                .forEach(this::remove);
    }

    /**
     * For one message; counted as told.
     *
     * @param members how many there are
     */
    List<Rumour> next(int members) {
        int limit = limit(members);
        List<Telling> taken = new ArrayList<>();
        int bytes = 0;
        for (Telling telling : queue) {
            if (bytes + telling.bytes() <= MAX_BYTES || taken.isEmpty()) {
                taken.add(telling);
                bytes += telling.bytes();
            }
            if (bytes >= MAX_BYTES - LEAST_RUMOUR_BYTES) {
                break;
            }
        }
        List<Rumour> rumours = new ArrayList<>(taken.size());
        for (Telling telling : taken) {
            rumours.add(telling.rumour());
            Subject subject = Subject.of(telling.rumour());
            remove(subject);
            if (telling.told() + 1 < limit) {
                put(subject, new Telling(telling.rumour(), telling.bytes(), telling.told() + 1, telling.number()));
            }
        }
        return rumours;
    }

    /** Fewer bytes hold no rumour. */
    private static final int LEAST_RUMOUR_BYTES = 16;

    static int limit(int members) {
        return RETRANSMISSIONS * (int) Math.ceil(Math.log10(members + 1));
    }
}
