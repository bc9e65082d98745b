package dev.gramme.node;

import dev.gramme.ring.Liveness;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.ring.View;
import dev.gramme.version.Now;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.MemberRecord.Standing;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.Probe;
import dev.gramme.wire.StagedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Members, ring, view and bucket properties of one node. Not thread-safe: one serial loop of its own, which must tick it every few milliseconds (a long
 * gap is taken for a pause of the process).
 *
 * <p>It says of itself that it is ready and writable until {@link Event.SelfChanged} says otherwise: it is made after recovery.
 */
public final class ControlPlane {
    /** What is said of the ring changes the ring, and the other way round: a few times in one event at most. */
    private static final int MAX_ROUNDS = 16;

    private final ControlSettings settings;
    private final BucketBook buckets;
    private final RingKeeper ring;
    private final SelfReport self;
    private final Joining joining;
    private final SortedMap<NodeId, String> keptBridges;
    private Effect.PublishPeers peers = new Effect.PublishPeers(new TreeMap<>());
    private long peersSeen = -1;
    private @Nullable Gossiping gossiping;
    private View view;
    private boolean published;
    private boolean stopping;
    private boolean joined;
    private long changesSeen = -1;
    private long startedNanos;

    /**
     * @param buckets as kept from the last run
     * @param kept from the last run; null if there was none, or none with a ring
     */
    public ControlPlane(
            ControlSettings settings, SortedMap<String, BucketProperties> buckets, @Nullable KeptTopology kept) {
        this.settings = settings;
        this.buckets = new BucketBook(settings.replicas(), buckets);
        this.ring = new RingKeeper(settings, kept);
        this.self = new SelfReport(settings);
        this.joining = new Joining(settings.self(), ring);
        this.keptBridges = kept == null ? new TreeMap<>() : new TreeMap<>(kept.bridges());
        SortedMap<NodeId, Liveness> alone = new TreeMap<>();
        ring.topology().members().forEach(id -> alone.put(id, Liveness.DOWN));
        alone.put(settings.self(), Liveness.UP);
        SortedMap<NodeId, Long> ownLife = new TreeMap<>();
        ownLife.put(settings.self(), settings.instance());
        this.view = new View(ring.topology(), alone, new TreeSet<>(), new TreeMap<>(), ownLife);
    }

    /**
     * The effects to carry out, in order, before the next event. The first call publishes the first view, the first peers, and the buckets if there are
     * any.
     */
    public List<Effect> handle(Event event, Now now) {
        List<Effect> effects = new ArrayList<>();
        Gossiping members = members(now);
        if (!published) {
            published = true;
            buckets.start(now, effects);
            publishPeers(members, effects);
            effects.add(new Effect.PublishView(view));
        }
        members.awake(now);
        switch (event) {
            case Event.Tick ignored -> members.tick();
            case Event.Received received -> members.receive(received.from(), control(received, received.message()));
            case Event.Undeliverable failed -> members.undeliverable(failed.to(), control(failed, failed.message()));
            case Event.SelfChanged changed -> self.changed(changed);
            case Event.SetBucket set ->
                buckets.set(set, members.swim().records().values(), now, effects);
            case Event.Stored stored -> {
                self.stored(stored);
                ring.handle(stored, now);
            }
            case Event.Administer asked -> administer(asked, members, now, effects);
            case Event.TopologyKept kept -> ring.handle(kept, now);
            case Event.LoopCaughtUp caughtUp -> ring.handle(caughtUp, now);
            case Event.RangeReceived received -> ring.handle(received, now);
            case Event.RangePulled pulled -> ring.handle(pulled, now);
            case Event.RangeRefused unreadable -> ring.handle(unreadable, now);
            case Event.SeedsResolved seeds -> members.discovery().seeds(seeds.addresses(), now.nanos());
            case Event.ForData e -> throw misrouted(e);
        }
        settle(members, now, effects);
        return effects;
    }

    /** As published last; before the first event this node is up and all others are down. */
    public View view() {
        return view;
    }

    /** The members as known now. To be called on the control loop, and handed to others as the immutable record it is. */
    public ClusterSnapshot snapshot(Now now) {
        Gossiping members = members(now);
        RollCall roll = rollCall(members);
        RingStatus status = ring.status(new TreeMap<>(members.swim().records()), roll.known(), now);
        return roll.take(hasJoined(roll, now), members.problems(), List.of(), status, now.nanos());
    }

    /** Time begins with the first call: nothing was sent or heard before. */
    private Gossiping members(Now now) {
        Gossiping members = gossiping;
        if (members == null) {
            startedNanos = now.nanos();
            members = new Gossiping(settings, keptBridges, buckets, ring, joining, self.first(now), now);
            gossiping = members;
        }
        return members;
    }

    private RollCall rollCall(Gossiping members) {
        return new RollCall(settings, members.swim(), members.discovery(), ring.topology());
    }

    private void administer(Event.Administer asked, Gossiping members, Now now, List<Effect> effects) {
        ClusterCommand command =
                asked.command() instanceof ClusterCommand.Join && isOutside() ? comeIn() : asked.command();
        if (command instanceof ClusterCommand.Join join) {
            joining.begin(asked.request(), join, self.storedBytes(), members.discovery(), now);
        } else {
            SortedMap<NodeId, MemberRecord> records =
                    new TreeMap<>(members.swim().records());
            ClusterAnswer answer =
                    ring.administer(command, records, rollCall(members).known());
            effects.add(new Effect.Administered(asked.request(), answer));
        }
    }

    /**
     * What {@code command} would have to claim first; null if nothing. Whoever has a thread to spare may find the answer there and say it ({@link #claimed})
     * before the command is given: then this loop is not silent for so long. If not, or if something else was staged meanwhile, it is found here.
     */
    public @Nullable ClaimQuestion question(ClusterCommand command, Now now) {
        boolean plans = command instanceof ClusterCommand.Plan || command instanceof ClusterCommand.Commit;
        Gossiping members = members(now);
        return plans
                ? ring.question(
                        new TreeMap<>(members.swim().records()),
                        rollCall(members).known())
                : null;
    }

    /** The answer to a {@link #question}. */
    public void claimed(ClaimQuestion question, Ring answer) {
        ring.claimed(question, answer);
    }

    /** It knows the ring and is not in it: its joining was cancelled, or it has left. */
    private boolean isOutside() {
        Topology topology = ring.topology();
        return topology.settled().version() > 0 && !topology.members().contains(settings.self());
    }

    private ClusterCommand comeIn() {
        return new ClusterCommand.Stage(StagedChange.Kind.JOIN, settings.self(), 0, null);
    }

    /** Brings what is said of this node, the ring, and what is published into step with what has just happened. */
    private void settle(Gossiping members, Now now, List<Effect> effects) {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Topology topology = ring.topology();
            self.tell(members.swim(), ring.progress(now), topology.serves(settings.self()), now);
            if (members.swim().changes() == changesSeen) {
                break;
            }
            changesSeen = members.swim().changes();
            ring.members(new TreeMap<>(members.swim().records()));
        }
        publishPeers(members, effects);
        effects.addAll(ring.effects());
        members.push();
        effects.addAll(members.effects());
        effects.addAll(joining.effects());
        publishView(members, effects);
        stopIfRefused(members, effects);
    }

    private void publishPeers(Gossiping members, List<Effect> effects) {
        if (members.swim().changes() == peersSeen) {
            return;
        }
        peersSeen = members.swim().changes();
        SortedMap<NodeId, Integer> formats = new TreeMap<>();
        members.swim().records().forEach((id, record) -> formats.put(id, record.wireFormat()));
        formats.remove(settings.self());
        Effect.PublishPeers now = new Effect.PublishPeers(members.discovery().addresses(), formats);
        if (!now.equals(peers)) {
            peers = now;
            effects.add(now);
        }
    }

    private void publishView(Gossiping members, List<Effect> effects) {
        Topology topology = ring.topology();
        RollCall roll = rollCall(members);
        SortedMap<NodeId, Liveness> liveness = roll.routing();
        SortedSet<NodeId> outsiders = roll.outsiders();
        SortedMap<NodeId, Integer> formers = formerFormats(members);
        SortedMap<NodeId, Long> lives = lives(members);
        if (liveness.equals(view.liveness())
                && topology.equals(view.topology())
                && outsiders.equals(view.outsiders())
                && formers.equals(view.formerFormats())
                && lives.equals(view.lives())) {
            return;
        }
        liveness.forEach((id, verdict) -> observe(id, verdict, members, effects));
        view = new View(topology, liveness, outsiders, formers, lives);
        effects.add(new Effect.PublishView(view));
    }

    private SortedMap<NodeId, Integer> formerFormats(Gossiping members) {
        SortedMap<NodeId, Integer> formers = new TreeMap<>();
        members.swim().records().forEach((id, record) -> {
            if (record.wireFormat() < MessageCodec.FORMAT && !id.equals(settings.self())) {
                formers.put(id, record.wireFormat());
            }
        });
        return formers;
    }

    private SortedMap<NodeId, Long> lives(Gossiping members) {
        SortedMap<NodeId, Long> lives = new TreeMap<>();
        members.swim().records().forEach((id, record) -> {
            if (record.wireFormat() >= MessageCodec.FORMAT_OF_LIVES) {
                lives.put(id, record.instance());
            }
        });
        lives.put(settings.self(), settings.instance());
        return lives;
    }

    /** Who says itself that it is not to be asked is nobody's alarm. */
    private void observe(NodeId id, Liveness verdict, Gossiping members, List<Effect> effects) {
        Liveness before = view.liveness().getOrDefault(id, Liveness.DOWN);
        MemberRecord record = members.swim().records().get(id);
        if (verdict.isReadable() && !before.isReadable()) {
            effects.add(new Effect.Observed(Probe.MEMBER_UP, 1));
        } else if (!verdict.isReadable()
                && before.isReadable()
                && record != null
                && record.standing() == Standing.SERVING) {
            effects.add(new Effect.Observed(Probe.MEMBER_DOWN, 1));
        }
    }

    private boolean hasJoined(RollCall roll, Now now) {
        long waitNanos = TimeUnit.MILLISECONDS.toNanos(settings.timings().joinMillis());
        joined |= published && (roll.isMajorityHeard() || now.nanos() - startedNanos >= waitNanos);
        return joined;
    }

    private void stopIfRefused(Gossiping members, List<Effect> effects) {
        String reason = members.reasonToStop();
        if (!reason.isEmpty() && !stopping) {
            stopping = true;
            effects.add(new Effect.Stop(reason));
        }
    }

    private static Message.Control control(Event event, Message message) {
        if (message instanceof Message.Control control) {
            return control;
        }
        throw misrouted(event);
    }

    private static IllegalStateException misrouted(Event event) {
        return new IllegalStateException("an event for a data plane came to the control plane: " + event);
    }
}
