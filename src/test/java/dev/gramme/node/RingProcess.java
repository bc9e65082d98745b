package dev.gramme.node;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.Topology;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.RingProgress;
import dev.gramme.wire.RingTable;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One node of a {@link RingWorld}: a keeper, its disk, and the loops that go by its topologies. */
final class RingProcess {
    final NodeId id;
    private final RingWorld world;
    private @Nullable RingKeeper keeper;
    private @Nullable KeptTopology disk;
    private SortedMap<NodeId, MemberRecord> records = new TreeMap<>();
    private Topology published;
    private final Topology[] views = new Topology[RingWorld.LOOPS];
    private final long[] toldCaughtUp = new long[RingWorld.LOOPS];
    private final TreeSet<String> pulling = new TreeSet<>();
    private long incarnation;

    /** Raised when the process ends: what was meant for a former life is lost. */
    int life;

    /** It ended for good: nobody starts it again. */
    boolean gone;

    /** An operator has given it up for gone. */
    boolean givenUp;

    int fullDiskPercent;

    RingProcess(RingWorld world, NodeId id) {
        this.world = world;
        this.id = id;
        this.published = Topology.settled(Ring.nobodys(RingWorld.PARTITIONS, RingWorld.REPLICAS));
    }

    boolean isUp() {
        return keeper != null;
    }

    RingKeeper keeper() {
        RingKeeper running = keeper;
        if (running == null) {
            throw new IllegalStateException(id + " is down");
        }
        return running;
    }

    /** What the loop that owns the partition goes by. */
    Topology view(int partition) {
        return views[partition % RingWorld.LOOPS];
    }

    Topology topology() {
        return keeper().topology();
    }

    SortedMap<NodeId, MemberRecord> records() {
        return records;
    }

    void start() {
        keeper = new RingKeeper(world.settings(id), disk, world.rule);
        records = new TreeMap<>();
        pulling.clear();
        published = keeper.topology();
        for (int loop = 0; loop < RingWorld.LOOPS; loop++) {
            views[loop] = published;
            toldCaughtUp[loop] = published.epoch();
        }
        incarnation = Math.max(incarnation + 1, world.millis * 1_000);
        settleDown();
    }

    void crash() {
        keeper = null;
        life++;
        world.data.forget(this);
    }

    /** Its disk is empty when it starts again. */
    void wipe() {
        disk = null;
        world.data.wipe(this);
    }

    void tick() {
        settleDown();
    }

    void happens(Event.ForControl event) {
        if (keeper != null) {
            keeper.handle(event, world.now());
            settleDown();
        }
    }

    ClusterAnswer does(ClusterCommand command) {
        ClusterAnswer answer = keeper().administer(command, records, world.liveness());
        settleDown();
        return answer;
    }

    void exchangeWith(RingProcess peer, boolean answerWanted) {
        RingTable table = keeper().table();
        long lineage = keeper().lineage();
        TreeMap<NodeId, MemberRecord> known = new TreeMap<>(records);
        world.send(id, peer.id, () -> peer.hears(this, table, lineage, known, answerWanted));
    }

    private void hears(
            RingProcess from,
            RingTable table,
            long lineage,
            SortedMap<NodeId, MemberRecord> known,
            boolean answerWanted) {
        if (keeper == null) {
            return;
        }
        known.forEach((node, record) -> {
            MemberRecord mine = records.get(node);
            if (!node.equals(id) && (mine == null || record.incarnation() > mine.incarnation())) {
                records.put(node, record);
            }
        });
        world.checks.merged(this, keeper.merge(table, lineage, from.id));
        keeper.members(records);
        keeper.peerHeard();
        settleDown();
        if (answerWanted) {
            exchangeWith(from, false);
        }
    }

    /** What the control plane does after each event. */
    private void settleDown() {
        RingKeeper running = keeper();
        for (int round = 0; round < 10; round++) {
            RingProgress progress = running.progress(world.now());
            MemberRecord own = records.get(id);
            if (own != null && own.ring().equals(progress)) {
                break;
            }
            incarnation++;
            records.put(id, record(progress));
            running.members(records);
        }
        for (Effect effect : running.effects()) {
            if (effect instanceof Effect.KeepTopology keep) {
                keep(keep);
            }
        }
        if (!running.topology().equals(published)) {
            publish(running.topology());
        }
        world.checks.look(this);
    }

    private MemberRecord record(RingProgress progress) {
        return new MemberRecord(
                id,
                life,
                incarnation,
                MemberRecord.Standing.SERVING,
                "bridge-of-" + id,
                "http-of-" + id,
                "z",
                100,
                true,
                1,
                "test",
                0,
                progress);
    }

    private void keep(Effect.KeepTopology keep) {
        int now = life;
        boolean full = world.random.nextInt(100) < fullDiskPercent;
        if (world.lyingDisks) {
            world.after(0, () -> inThisLife(now, () -> happens(new Event.TopologyKept(keep.sequence(), ""))));
            world.after(world.random.nextInt(200), () -> inThisLife(now, () -> disk = keep.topology()));
            return;
        }
        world.after(
                1 + world.random.nextInt(15),
                () -> inThisLife(now, () -> {
                    if (!full) {
                        disk = KeptTopologyCodec.decode(KeptTopologyCodec.encode(keep.topology()));
                    }
                    world.after(
                            world.random.nextInt(5),
                            () -> inThisLife(
                                    now,
                                    () -> happens(
                                            new Event.TopologyKept(keep.sequence(), full ? "the disk is full" : ""))));
                }));
    }

    private void publish(Topology topology) {
        published = topology;
        int now = life;
        for (int i = 0; i < RingWorld.LOOPS; i++) {
            int loop = i;
            world.after(world.random.nextInt(12), () -> inThisLife(now, () -> goBy(loop, topology)));
        }
    }

    private void goBy(int loop, Topology topology) {
        Topology before = views[loop];
        boolean older = topology.epoch() < before.epoch()
                || (topology.epoch() == before.epoch()
                        && topology.received().cardinality() < before.received().cardinality());
        if (!older) {
            views[loop] = topology;
            world.data.drop(this, loop);
            pull(loop);
        }
        tellCaughtUp();
    }

    /** Says of each loop that it has caught up, once nothing is unanswered that it began under an older topology. */
    void tellCaughtUp() {
        int now = life;
        for (int i = 0; i < RingWorld.LOOPS; i++) {
            int loop = i;
            long epoch = views[loop].epoch();
            if (epoch > toldCaughtUp[loop] && !world.data.hasOlder(this, loop, epoch)) {
                toldCaughtUp[loop] = epoch;
                world.after(
                        world.random.nextInt(10),
                        () -> inThisLife(now, () -> happens(new Event.LoopCaughtUp(loop, epoch))));
            }
        }
    }

    private void pull(int loop) {
        Topology view = views[loop];
        Proposal proposal = view.proposal();
        Ring target = view.target();
        if (proposal == null || target == null || !view.transferring()) {
            return;
        }
        BitSet received = view.received();
        for (int p = loop; p < RingWorld.PARTITIONS; p += RingWorld.LOOPS) {
            boolean gains = target.owns(id, p) && !view.settled().owns(id, p);
            if (gains && !received.get(p) && pulling.add(proposal.id() + "/" + p)) {
                pullSoon(p, proposal.id());
            }
        }
    }

    private void pullSoon(int partition, Proposal.Id change) {
        int now = life;
        world.after(
                1 + world.random.nextInt(80),
                () -> inThisLife(now, () -> {
                    Proposal mine = view(partition).proposal();
                    if (mine == null || !mine.id().isSameChange(change)) {
                        return;
                    }
                    if (world.data.pull(this, partition)) {
                        happens(new Event.RangeReceived(change, partition, 1, 1));
                    } else {
                        pullSoon(partition, change);
                    }
                }));
    }

    private void inThisLife(int then, Runnable what) {
        if (keeper != null && life == then) {
            what.run();
        }
    }
}
