package dev.gramme.generators;

import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * One key's life at several replicas, told twice: by {@link VersionSet}, and by an oracle that keeps for each replica and each client the
 * explicit set of all write events it has in its past, and for each event the set it had seen. To the oracle the siblings
 * are the events in a replica's past that no other event there has seen.
 *
 * <p>Clients write with no context, with one from any earlier read or write, or with two merged. Replicas merge whole states, lose their store
 * and go on as a new actor, or, as a mutant, as the same one.
 */
public final class CausalHistory {
    public enum AfterForgetting {
        RENEW_ACTOR,
        /** Wrong: the next dot claims that the forgotten ones are known. */
        KEEP_ACTOR
    }

    private record Read(CausalContext context, BitSet past) {}

    private record Event(Dot dot, BitSet seen) {}

    private final Random random;
    private final AfterForgetting afterForgetting;
    private final VersionSet[] states;
    private final BitSet[] pasts;
    private final long[] actors;
    private final List<Event> events = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<VersionSet> reached = new ArrayList<>();
    private long counter;

    public CausalHistory(long seed, int replicas, AfterForgetting afterForgetting) {
        this.random = new Random(seed);
        this.afterForgetting = afterForgetting;
        this.states = new VersionSet[replicas];
        this.pasts = new BitSet[replicas];
        this.actors = random.longs(replicas).toArray();
        for (int r = 0; r < replicas; r++) {
            states[r] = VersionSet.EMPTY;
            pasts[r] = new BitSet();
        }
        reads.add(new Read(CausalContext.EMPTY, new BitSet()));
    }

    /** Does one random thing at one replica, and gives its index. */
    public int step() {
        int replica = random.nextInt(states.length);
        int choice = random.nextInt(20);
        if (choice < 8) {
            put(replica);
        } else if (choice < 14) {
            merge(replica, random.nextInt(states.length));
        } else if (choice < 19) {
            reads.add(new Read(states[replica].context(), copy(pasts[replica])));
        } else {
            forget(replica);
        }
        reached.add(states[replica]);
        return replica;
    }

    /** Everyone hears of everything that anyone still knows. */
    public void heal() {
        for (int round = 0; round < 2; round++) {
            for (int r = 0; r < states.length; r++) {
                for (int other = 0; other < states.length; other++) {
                    merge(r, other);
                }
            }
        }
    }

    public int replicas() {
        return states.length;
    }

    public VersionSet state(int replica) {
        return states[replica];
    }

    /** Every state that a replica was in, in order. */
    public List<VersionSet> reached() {
        return reached;
    }

    /** The dots of the siblings that a replica ought to have. */
    public TreeSet<Dot> expectedSiblings(int replica) {
        TreeSet<Dot> maximal = new TreeSet<>();
        pasts[replica].stream()
                .filter(e -> pasts[replica].stream()
                        .noneMatch(f -> events.get(f).seen().get(e)))
                .forEach(e -> maximal.add(events.get(e).dot()));
        return maximal;
    }

    public TreeSet<Dot> actualSiblings(int replica) {
        TreeSet<Dot> dots = new TreeSet<>();
        states[replica].siblings().forEach(v -> dots.add(v.dot()));
        return dots;
    }

    /** Whether the replica's context covers exactly the events in its past. */
    public boolean contextIsExact(int replica) {
        for (int e = 0; e < events.size(); e++) {
            if (states[replica].context().covers(events.get(e).dot()) != pasts[replica].get(e)) {
                return false;
            }
        }
        return true;
    }

    private void put(int replica) {
        Read seen = reads.get(random.nextInt(reads.size()));
        if (random.nextInt(3) == 0) {
            Read more = reads.get(random.nextInt(reads.size()));
            seen = new Read(seen.context().join(more.context()), union(seen.past(), more.past()));
        } else if (random.nextInt(3) == 0) {
            seen = new Read(states[replica].context(), copy(pasts[replica]));
        }
        if (afterForgetting == AfterForgetting.RENEW_ACTOR
                && seen.context().counterOf(actors[replica])
                        > states[replica].context().counterOf(actors[replica])) {
            actors[replica] = random.nextLong();
        }
        Dot dot = new Dot(actors[replica], ++counter);
        Content content =
                random.nextInt(5) == 0 ? Content.delete() : Content.value(Bytes.utf8("value " + counter), "text/plain");
        Version version = new Version(dot, counter, content).after(seen.context(), states[replica].context());
        CausalContext answer = version.seenByWriter(seen.context());
        states[replica] = states[replica].put(seen.context(), version);
        pasts[replica] = union(pasts[replica], seen.past());
        pasts[replica].set(events.size());
        BitSet answerPast = copy(seen.past());
        if (answer.covers(dot)) {
            answerPast.set(events.size());
        }
        events.add(new Event(dot, seen.past()));
        reads.add(new Read(answer, answerPast));
    }

    private void merge(int into, int from) {
        states[into] = states[into].merge(states[from]);
        pasts[into] = union(pasts[into], pasts[from]);
    }

    private void forget(int replica) {
        states[replica] = VersionSet.EMPTY;
        pasts[replica] = new BitSet();
        if (afterForgetting == AfterForgetting.RENEW_ACTOR) {
            actors[replica] = random.nextLong();
        }
    }

    private static BitSet copy(BitSet set) {
        return (BitSet) set.clone();
    }

    private static BitSet union(BitSet a, BitSet b) {
        BitSet union = copy(a);
        union.or(b);
        return union;
    }
}
