package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds the others: contacts the members that were configured or known before until they have said who they are, and seeds (addresses whose nodes are
 * not known) until anybody has; and once in a while a seed again, so that two halves of a cluster which forgot each other meet again.
 */
public final class Discovery {
    /** Addresses taken from one list of seeds, or one name. */
    public static final int MAX_SEEDS = 64;

    /** Nobody has answered for so long: worth telling people. */
    static final long SILENT_NANOS = 3_000_000_000L;

    private static final long SEED_AGAIN_NANOS = 60_000_000_000L;
    private static final int SEEDS_AT_ONCE = 3;
    private static final int MEMBERS_AT_FIRST = 16;
    private static final int WORTH_AN_ANSWER = 12;
    private static final int MEMBERS_AT_ONCE = 4;

    /** What could not be sent to a member that has just introduced itself is sent again: it takes a moment to connect to it. */
    private static final long RETRY_NANOS = 100_000_000L;

    private static final int MAX_RETRIES = 30;

    private record Retry(int tries, long atNanos) {}

    private final Swim swim;
    private final Post post;
    private final SortedMap<NodeId, String> bridges;
    private final SortedMap<NodeId, String> former;
    private final SortedMap<NodeId, Integer> unanswered = new TreeMap<>();
    private final SortedMap<NodeId, Retry> retries = new TreeMap<>();
    private final long periodNanos;
    private List<String> seeds = List.of();
    private long seedsSinceNanos;
    private boolean sought;
    private boolean foundOurselves;
    private boolean heardAnybody;
    private boolean begun;
    private long nextMembersNanos;
    private long nextSeedsNanos;
    private int nextMember;
    private int nextSeed;

    /**
     * @param bridges addresses (host:port) of members that were configured, or known before, by id, this node not among them
     * @param former where members were before, if they are configured elsewhere now: either may be true
     */
    public Discovery(
            Swim swim,
            SortedMap<NodeId, String> bridges,
            SortedMap<NodeId, String> former,
            Timings timings,
            Post post,
            long nowNanos) {
        this.swim = swim;
        this.post = post;
        this.bridges = Collections.unmodifiableSortedMap(new TreeMap<>(bridges));
        this.former = Collections.unmodifiableSortedMap(new TreeMap<>(former));
        periodNanos = Timings.nanos(timings.periodMillis());
        nextMembersNanos = nowNanos;
        nextSeedsNanos = nowNanos;
    }

    /** The seeds are these from now on. */
    public void seeds(List<String> addresses, long nowNanos) {
        List<String> valid = addresses.stream()
                .filter(Admission::isAddress)
                .distinct()
                .limit(MAX_SEEDS)
                .toList();
        if (!valid.equals(seeds)) {
            seeds = valid;
            askAgain(nowNanos);
        }
    }

    /** Somebody wants to join by the seeds: they are asked anew, as often as by who knows nobody, until that is over. */
    public void seek(boolean begins, long nowNanos) {
        sought = begins;
        if (begins) {
            askAgain(nowNanos);
        }
    }

    private void askAgain(long nowNanos) {
        seedsSinceNanos = nowNanos;
        foundOurselves = false;
        nextSeedsNanos = nowNanos;
        nextSeed = 0;
    }

    /** A contact of ours came back to us. */
    public void foundOurselves() {
        foundOurselves = true;
    }

    public boolean hasFoundOurselves() {
        return foundOurselves;
    }

    /** Another member was heard: somebody is there. */
    public void heard(NodeId from) {
        heardAnybody = true;
        unanswered.remove(from);
        retries.remove(from);
    }

    /** An exchange was not delivered. */
    public void undeliverable(NodeId to, long nowNanos) {
        unanswered.remove(to);
        if (swim.isAlive(to)) {
            Retry before = retries.getOrDefault(to, new Retry(0, nowNanos));
            if (before.tries() < MAX_RETRIES && retries.size() < Members.MAX_MEMBERS) {
                retries.put(to, new Retry(before.tries() + 1, nowNanos + RETRY_NANOS));
            }
        }
    }

    public void tick(long nowNanos) {
        if (nowNanos >= nextMembersNanos) {
            nextMembersNanos = nowNanos + periodNanos;
            contactMembers();
        }
        if (nowNanos >= nextSeedsNanos && !seeds.isEmpty()) {
            boolean alone = sought || swim.someAlive(1).isEmpty();
            nextSeedsNanos = nowNanos + (alone ? 2 * periodNanos : SEED_AGAIN_NANOS);
            contactSeeds(alone ? SEEDS_AT_ONCE : 1);
        }
        resend(nowNanos);
    }

    private void contactMembers() {
        List<NodeId> unknown = bridges.keySet().stream()
                .filter(id -> !swim.records().containsKey(id))
                .toList();
        int count = Math.min(unknown.size(), begun ? MEMBERS_AT_ONCE : MEMBERS_AT_FIRST);
        begun = true;
        for (int i = 0; i < count; i++) {
            NodeId id = unknown.get(nextMember++ % unknown.size());
            unanswered.merge(id, 1, Integer::sum);
            post.exchange(id, false);
            String before = former.get(id);
            if (before != null) {
                post.contact(before, false);
            }
        }
    }

    private void contactSeeds(int count) {
        for (int i = 0; i < Math.min(count, seeds.size()); i++) {
            post.contact(seeds.get(nextSeed++ % seeds.size()), false);
        }
    }

    private void resend(long nowNanos) {
        retries.keySet().removeIf(id -> !swim.records().containsKey(id));
        List<NodeId> due = new ArrayList<>();
        retries.forEach((id, retry) -> {
            if (nowNanos >= retry.atNanos()) {
                due.add(id);
            }
        });
        for (NodeId id : due) {
            Retry retry = retries.get(id);
            if (retry != null) {
                // If this one is not delivered either it comes back, with one try fewer left.
                retries.put(id, new Retry(retry.tries(), Long.MAX_VALUE));
                post.exchange(id, false);
            }
        }
    }

    /** Whether this is a host:port that can be connected to. */
    public static boolean isAddress(String text) {
        return Admission.isAddress(text);
    }

    /** Where each other member is, as far as is known: by its own word, or from before. */
    public SortedMap<NodeId, String> addresses() {
        SortedMap<NodeId, String> addresses = new TreeMap<>(bridges);
        swim.records().forEach((id, record) -> addresses.put(id, record.bridge()));
        addresses.remove(swim.mine().id());
        return addresses;
    }

    /**
     * Whether our messages are delivered to most configured members and nobody was ever heard: then the others' go elsewhere, to a wrong address or to
     * another process with our id. (The first of all are often not delivered: nothing is connected yet.)
     */
    public boolean isUnanswered() {
        long deaf = unanswered.values().stream()
                .filter(count -> count >= WORTH_AN_ANSWER)
                .count();
        return !heardAnybody && 2 * deaf > bridges.size();
    }

    /** What is wrong with the seeds, for people; empty if nothing is, or it is too early to tell. */
    public String problem(long nowNanos) {
        boolean early = nowNanos - seedsSinceNanos < SILENT_NANOS;
        if (seeds.isEmpty() || heardAnybody || early) {
            return "";
        }
        if (foundOurselves) {
            return "the seeds " + seeds + " lead to this node itself, and to no other: name a member of the cluster";
        }
        return "none of the seeds " + seeds
                + " has answered: are these the bridge addresses of running members, and reachable from here?";
    }
}
