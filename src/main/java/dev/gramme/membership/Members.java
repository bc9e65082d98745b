package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.MemberRecord.Standing;
import dev.gramme.wire.Rumour;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The roster and what hangs on it: each rumour that is news is passed on, an accusation of others starts a suspicion, one of ourselves is refuted at once,
 * and a suspicion that nobody refutes in time becomes a verdict.
 */
final class Members {
    /** Anybody can make up ids: more members than these are not taken on. */
    static final int MAX_MEMBERS = 4_096;

    private final Timings timings;
    private final LocalHealth health;
    private final Roster roster = new Roster();
    private final Dissemination dissemination = new Dissemination();
    private final ProbeOrder order;
    private final Suspicions suspicions = new Suspicions();
    private final OwnReach reach = new OwnReach();
    /** Does not grow with the cluster while it is well. */
    private final SortedSet<NodeId> away = new TreeSet<>();

    private final SortedMap<NodeId, Long> strangersSince = new TreeMap<>();
    private final Forgotten forgotten;
    private MemberRecord mine;
    private boolean yields;
    private long nowNanos;
    private long changes;
    private long changedNanos;

    Members(MemberRecord mine, Timings timings, LocalHealth health, SplittableRandom random, long nowNanos) {
        this.mine = mine;
        this.timings = timings;
        this.health = health;
        this.order = new ProbeOrder(random);
        this.forgotten = new Forgotten(timings);
        this.nowNanos = nowNanos;
        announce();
    }

    /** To be called first at each event. */
    void at(long now) {
        nowNanos = now;
    }

    MemberRecord mine() {
        return mine;
    }

    Roster roster() {
        return roster;
    }

    Dissemination dissemination() {
        return dissemination;
    }

    ProbeOrder order() {
        return order;
    }

    /** Grows with everything that changes. */
    long changes() {
        return changes;
    }

    long changedNanos() {
        return changedNanos;
    }

    /** What this node itself knows of the others. */
    OwnReach reach() {
        return reach;
    }

    boolean isLeaving(NodeId id) {
        MemberRecord record = roster.record(id);
        return record != null && record.standing() == Standing.LEAVING_FOR_RESTART;
    }

    /** Who is suspected or down. */
    List<NodeId> accused() {
        List<NodeId> accused = new ArrayList<>(suspicions.members());
        away.stream().filter(id -> roster.verdict(id) == Verdict.DOWN).forEach(accused::add);
        return accused;
    }

    /** Who is down or leaving. */
    SortedSet<NodeId> away() {
        return away;
    }

    /** Neither down nor leaving. */
    boolean isAlive(NodeId id) {
        return roster.verdict(id) != Verdict.DOWN && !isLeaving(id);
    }

    /** {@code next} with an incarnation above all before. */
    void become(MemberRecord next) {
        mine = next.withIncarnation(mine.incarnation() + 1);
        announce();
    }

    /** Whether another process of our id holds our place: then we do not claim it back. */
    void yields(boolean whether) {
        yields = whether;
    }

    private void announce() {
        roster.learn(mine);
        dissemination.add(new Rumour.Alive(mine));
        changed();
    }

    private void changed() {
        changes++;
        changedNanos = nowNanos;
    }

    void learn(Rumour rumour) {
        boolean ofUs = rumour.member().equals(mine.id());
        switch (rumour) {
            case Rumour.Alive alive -> {
                if (ofUs) {
                    heardOfUs(alive.record());
                } else {
                    learn(alive.record());
                }
            }
            case Rumour.Accused accused -> {
                if (!Admission.canBeAbove(accused)) {
                    return;
                }
                if (ofUs) {
                    refute(accused);
                } else {
                    learn(accused);
                }
            }
        }
    }

    /** What a former life of this node said: be above it, or the others would keep to it. */
    private void heardOfUs(MemberRecord record) {
        boolean above = record.incarnation() >= mine.incarnation() && Admission.canBeAbove(new Rumour.Alive(record));
        if (record.instance() != mine.instance() && above && !yields) {
            mine = mine.withIncarnation(record.incarnation() + 1);
            announce();
        }
    }

    private void refute(Rumour.Accused accused) {
        if (accused.incarnation() >= mine.incarnation() && !yields) {
            health.worse(1);
            mine = mine.withIncarnation(accused.incarnation() + 1);
            announce();
        }
    }

    private void learn(MemberRecord record) {
        NodeId id = record.id();
        MemberRecord before = roster.record(id);
        boolean valid = Admission.objection(record).isEmpty();
        boolean room = before != null || roster.size() < MAX_MEMBERS;
        if (!valid || !room || forgotten.covers(new Rumour.Alive(record)) || !roster.learn(record)) {
            return;
        }
        if (before == null) {
            order.add(id);
            strangersSince.remove(id);
        }
        if (before == null
                || before.instance() != record.instance()
                || !before.bridge().equals(record.bridge())) {
            reach.connects(id, nowNanos);
        }
        dissemination.add(new Rumour.Alive(record));
        follow(id);
        changed();
    }

    private void learn(Rumour.Accused accused) {
        NodeId id = accused.member();
        MemberRecord record = roster.record(id);
        if (record != null && accused.incarnation() < record.incarnation()) {
            return;
        }
        if (forgotten.covers(accused) || (record == null && !isStranger(id))) {
            return;
        }
        if (roster.learn(accused)) {
            dissemination.add(accused);
            follow(id);
            changed();
        }
        confirm(accused);
    }

    /** Of whom we were told nothing else yet: it may come. Whether there is room to wait for it. */
    private boolean isStranger(NodeId id) {
        if (strangersSince.size() < MAX_MEMBERS) {
            strangersSince.putIfAbsent(id, nowNanos);
        }
        return strangersSince.containsKey(id);
    }

    private void confirm(Rumour.Accused accused) {
        boolean suspected = roster.verdict(accused.member()) == Verdict.SUSPECT;
        if (suspected && timings.lifeguard() && suspicions.confirms(accused)) {
            dissemination.add(accused);
        }
    }

    /** Keeps the suspicions to what the roster says now. */
    private void follow(NodeId id) {
        if (roster.record(id) == null) {
            return;
        }
        Rumour.Accused accused = roster.accusation(id);
        suspicions.end(id);
        if (!isAlive(id)) {
            reach.peer(id).isDown(nowNanos);
            away.add(id);
            return;
        }
        away.remove(id);
        reach.peer(id).isNotDown();
        if (accused != null) {
            suspicions.begin(id, new Suspicion(accused.by(), roster.size(), timings, nowNanos));
        }
    }

    /** It answered nobody, or not in time. */
    void accuse(NodeId id, boolean down) {
        MemberRecord record = roster.record(id);
        if (record != null && isAlive(id)) {
            learn(new Rumour.Accused(id, record.incarnation(), down, mine.id()));
        }
    }

    /** Suspicions that were not refuted in time become verdicts. */
    void judge() {
        suspicions.over(nowNanos).forEach(id -> accuse(id, true));
    }

    /** What is held against it, for it to hear (Lifeguard's buddy system); null if nothing is. */
    @Nullable
    Rumour against(NodeId id) {
        return roster.accusation(id);
    }

    void forgive(long nanos) {
        suspicions.forgive(nanos);
        reach.forgive(nanos);
    }

    /** @return who is forgotten now: long down, and not among {@code kept} */
    List<NodeId> forget(Predicate<NodeId> kept) {
        List<NodeId> gone = new ArrayList<>();
        for (MemberRecord record : roster.records().values()) {
            if (!isAlive(record.id())
                    && forgotten.isDue(reach.peer(record.id()).downNanos(nowNanos))
                    && !kept.test(record.id())) {
                gone.add(record.id());
            }
        }
        strangersSince.forEach((id, since) -> {
            if (forgotten.isDue(nowNanos - since)) {
                gone.add(id);
            }
        });
        for (NodeId id : gone) {
            forgotten.add(id, roster.highest(id), nowNanos);
            strangersSince.remove(id);
            roster.forget(id);
            dissemination.forget(id);
            order.remove(id);
            away.remove(id);
            reach.forget(id);
            changed();
        }
        forgotten.clean(nowNanos);
        return gone;
    }
}
