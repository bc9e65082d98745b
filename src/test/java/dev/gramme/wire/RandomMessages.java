package dev.gramme.wire;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.ConflictPolicy;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.ReplacedWrite;
import dev.gramme.version.ReplacedWrites;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Messages of every type, with small and extreme parts, from a seeded generator. */
final class RandomMessages {
    static final int TYPES = 28;

    private final RandomGenerator random;

    RandomMessages(RandomGenerator random) {
        this.random = random;
    }

    Message next() {
        return next(random.nextInt(TYPES));
    }

    Message next(int type) {
        return switch (type) {
            case 0 -> new Message.CoordinatePut(number(), command(), stamp(), stamp());
            case 1 -> new Message.CoordinatePutReply(number(), outcome());
            case 2 -> new Message.ReplicaPut(number(), key(), state(), nodeOrNone(), stamp());
            case 3 -> new Message.ReplicaPutReply(number(), status());
            case 4 -> new Message.ReplicaGet(number(), key(), number());
            case 5 ->
                new Message.ReplicaGetReply(
                        number(), status(), random.nextBoolean(), random.nextBoolean(), state(), stamp(), stamp());
            case 6 ->
                new Message.PullRange(
                        number(), count() % 64, proposal(), keyOrNone(), random.nextBoolean(), count(), stamp());
            case 7 -> buckets();
            case 8 -> new Message.Refusal(node(), number(), random.nextBoolean(), text());
            case 9 -> new Message.PullKeys(number(), count() % 64, proposal(), List.of(key(), key()));
            case 10 ->
                new Message.RangePage(
                        number(),
                        status(),
                        List.of(new Message.RangeEntry(key(), number(), state())),
                        random.nextBoolean(),
                        stamp(),
                        stamp());
            case 11 -> new Message.Ping(number(), gossip());
            case 12 -> new Message.Ack(number(), gossip());
            case 13 -> new Message.PingRequest(number(), node(), gossip());
            case 14 -> new Message.Nack(number(), gossip());
            case 15 -> new Message.Rumours(gossip());
            case 16 ->
                new Message.TreeNodes(
                        number(), count() % 64, number(), random.nextInt(4), List.of(0, 4_095), number(), stamp());
            case 17 ->
                new Message.TreeHashes(number(), status(), random.nextBoolean(), List.of(number(), number()), stamp());
            case 18 -> new Message.LeafKeys(number(), count() % 64, number(), List.of(7), keyOrNone(), count());
            case 19 -> new Message.LeafDigests(number(), status(), List.of(leaf(), leaf()));
            case 20 -> new Message.RepairStates(number(), count() % 64, number(), List.of(key(), key()));
            case 21 -> new Message.Outdated(number(), count() % 64, number(), number());
            case 22 -> new Message.CollectionAsk(number(), count() % 64, number(), leaf().entries());
            case 23 -> new Message.CollectionKeys(number(), status(), number(), number(), number(), List.of(0, 7));
            case 24 -> new Message.CollectionRaise(number(), count() % 64, number(), number(), number(), number());
            case 25 -> new Message.CollectionCommit(number(), count() % 64, number(), number(), leaf().entries());
            case 26 -> new Message.CollectionDone(number(), status(), number(), random.nextBoolean());
            default ->
                new Message.Exchange(
                        text(),
                        count(),
                        count(),
                        random.nextBoolean() ? 0 : random.nextLong(),
                        random.nextInt(256),
                        gossip(),
                        random.nextBoolean() ? ringTable() : null,
                        random.nextBoolean() ? buckets() : null);
        };
    }

    private long stamp() {
        return random.nextBoolean() ? 0 : number();
    }

    private Message.Leaf leaf() {
        TreeSet<Key> keys = new TreeSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            keys.add(key());
        }
        List<KeyDigest> entries =
                keys.stream().map(key -> new KeyDigest(key, number())).toList();
        return new Message.Leaf(entries, random.nextBoolean());
    }

    ClientContext context() {
        return new ClientContext(causalContext(), number(), nodeOrNone());
    }

    Key key() {
        return new Key("bucket-" + random.nextInt(10), bytes(20));
    }

    VersionSet state() {
        CausalContext context = causalContext();
        TreeSet<Dot> dots = new TreeSet<>();
        for (int i = 0; i < context.size(); i++) {
            for (int j = random.nextInt(3); j > 0; j--) {
                dots.add(new Dot(context.actor(i), 1 + Math.floorMod(random.nextLong(), context.counter(i))));
            }
        }
        List<Version> siblings = new ArrayList<>();
        dots.forEach(dot -> siblings.add(new Version(dot, number(), content(), random.nextBoolean())));
        return new VersionSet(context, siblings, replaced(context));
    }

    private ReplacedWrites replaced(CausalContext context) {
        ReplacedWrites replaced = ReplacedWrites.NONE;
        for (int i = context.isEmpty() ? 0 : random.nextInt(4); i > 0; i--) {
            Dot dot = new Dot(context.actor(0), 1 + Math.floorMod(random.nextLong(), context.counter(0)));
            ReplacedWrite entry = new ReplacedWrite(number(), number(), dot);
            replaced = replaced.union(new ReplacedWrites(List.of(entry)));
        }
        return replaced;
    }

    private CausalContext causalContext() {
        CausalContext context = CausalContext.EMPTY;
        for (int i = random.nextInt(5); i > 0; i--) {
            context = context.with(new Dot(random.nextLong(), 1 + Math.floorMod(number(), Long.MAX_VALUE)));
        }
        return context;
    }

    private PutCommand command() {
        int ttl = random.nextBoolean() ? TimeToLive.OF_BUCKET : 1 + random.nextInt(TimeToLive.MAX_SECONDS);
        RequestOptions options =
                new RequestOptions(count(), count(), random.nextBoolean(), random.nextInt(60_000), ttl, nodeOrNone());
        return new PutCommand(key(), causalContext(), number(), content(), options);
    }

    private PutOutcome outcome() {
        return switch (random.nextInt(3)) {
            case 0 ->
                new PutOutcome.Written(
                        new Dot(random.nextLong(), 1 + count()),
                        number(),
                        causalContext(),
                        node(),
                        count(),
                        count(),
                        count(),
                        expiresMillis());
            case 1 -> new PutOutcome.Failed(Failure.values()[random.nextInt(Failure.values().length)], text());
            default -> new PutOutcome.Indeterminate(count(), count(), text());
        };
    }

    private Content content() {
        SortedMap<String, String> metadata = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            metadata.put(text(), text());
        }
        boolean tombstone = random.nextInt(4) == 0;
        return new Content(
                tombstone,
                tombstone ? Bytes.EMPTY : bytes(300),
                text(),
                metadata,
                bytes(30),
                tombstone ? 0 : expiresMillis());
    }

    private long expiresMillis() {
        return random.nextInt(3) > 0 ? 0 : number() & Long.MAX_VALUE;
    }

    private Proposal.Id proposal() {
        return new Proposal.Id(random.nextInt(1_000), node(), number());
    }

    private @Nullable Key keyOrNone() {
        return random.nextBoolean() ? key() : null;
    }

    private Gossip gossip() {
        List<Rumour> rumours = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            rumours.add(
                    random.nextBoolean()
                            ? new Rumour.Alive(record())
                            : new Rumour.Accused(node(), incarnation(), random.nextBoolean(), node()));
        }
        return new Gossip(number(), number(), number(), number(), rumours);
    }

    private long incarnation() {
        return Math.floorMod(random.nextLong(), MemberRecord.MAX_INCARNATION + 1);
    }

    private MemberRecord record() {
        MemberRecord.Standing[] standings = MemberRecord.Standing.values();
        int gained = random.nextInt(100);
        boolean underWay = random.nextBoolean();
        RingProgress progress = new RingProgress(
                random.nextInt(1_000),
                underWay ? proposal() : null,
                underWay ? Phase.values()[random.nextInt(Phase.values().length)] : null,
                gained,
                random.nextInt(gained + 1),
                number(),
                number());
        return new MemberRecord(
                node(),
                number(),
                incarnation(),
                standings[random.nextInt(standings.length)],
                text(),
                text(),
                text(),
                count(),
                random.nextBoolean(),
                count(),
                text(),
                number(),
                progress);
    }

    private RingTable ringTable() {
        List<RingMember> members =
                List.of(new RingMember(new NodeId("a"), "z", 100), new RingMember(new NodeId("b"), "", 7));
        Ring ring = Claim.first(1 + random.nextInt(8), 1 + random.nextInt(3), members);
        return new RingTable(ring, null, List.of());
    }

    private Message.BucketTable buckets() {
        List<BucketProperties> buckets = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ConflictPolicy policy = ConflictPolicy.values()[random.nextInt(ConflictPolicy.values().length)];
            buckets.add(new BucketProperties(
                    text(), policy, count(), count(), random.nextBoolean() ? 0 : count(), number()));
        }
        return new Message.BucketTable(buckets);
    }

    private ReplicaStatus status() {
        return ReplicaStatus.values()[random.nextInt(ReplicaStatus.values().length)];
    }

    private NodeId node() {
        return new NodeId("node-" + random.nextInt(100));
    }

    private @Nullable NodeId nodeOrNone() {
        return random.nextBoolean() ? node() : null;
    }

    private int count() {
        return random.nextBoolean() ? random.nextInt(10) : random.nextInt(Integer.MAX_VALUE);
    }

    /** Of any size, 0 and the extremes among them. */
    private long number() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> Long.MIN_VALUE;
            case 2 -> Long.MAX_VALUE;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    private Bytes bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private String text() {
        String letters = "abcé€\uFFFD😀 /";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, random.nextInt(9))));
        }
        return text.toString();
    }
}
