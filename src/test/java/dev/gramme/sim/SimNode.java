package dev.gramme.sim;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;
import dev.gramme.sim.history.History;
import dev.gramme.version.Now;
import dev.gramme.wire.BucketProperties;
import dev.gramme.wire.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One machine: a disk, a clock, and from time to time a {@link NodeProcess} of the production node. */
final class SimNode implements SimNetwork.Host {
    private final World world;
    private final NodeId id;
    private final RingMember claim;
    private final Randomness random;
    private final NodeClock clock;
    private final SimDisk disk;
    private final KeptTopologyFile topologyFile;
    private SimDots dots;
    private SortedMap<String, BucketProperties> buckets = new TreeMap<>();
    private @Nullable NodeProcess process;
    private boolean stoppedCleanly = true;
    private boolean hasImage;
    private boolean paused;
    private boolean hasSeeds = true;
    private int moves;
    private final Deque<Runnable> held = new ArrayDeque<>();

    /** @param claim what it is configured with; the ring may say otherwise */
    SimNode(World world, RingMember claim) {
        this.world = world;
        this.claim = claim;
        this.id = claim.id();
        this.random = world.random().fork("node " + id);
        this.clock = new NodeClock(world.timeline());
        this.disk = new SimDisk(
                world.timeline(),
                random.fork("disk"),
                world.scenario().intervalMillis() * Timeline.MILLI,
                world.tampering().acknowledgesBeforeForce());
        this.topologyFile = new KeptTopologyFile(world.timeline(), disk, random.fork("topology"));
        this.dots = new SimDots(random.fork("dots"));
    }

    /** Where {@code id}'s bridge is after so many moves. */
    static String address(NodeId id, int moves) {
        return id + ":" + (7000 + moves);
    }

    NodeId id() {
        return id;
    }

    RingMember claim() {
        return claim;
    }

    /** Where its process listens, or will. */
    @Override
    public String address() {
        return process == null ? address(id, moves) : process.address();
    }

    /** From its next start on it is found elsewhere. */
    void moveHouse() {
        moves++;
        note("is at " + address() + " from its next start on");
    }

    World world() {
        return world;
    }

    NodeClock clock() {
        return clock;
    }

    Now now() {
        return clock.now();
    }

    SimDisk disk() {
        return disk;
    }

    SimDots dots() {
        return dots;
    }

    KeptTopologyFile topologyFile() {
        return topologyFile;
    }

    SortedMap<String, BucketProperties> buckets() {
        return buckets;
    }

    void keep(SortedMap<String, BucketProperties> table) {
        buckets = table;
    }

    @Nullable
    NodeProcess process() {
        return process;
    }

    @Override
    public boolean isUp() {
        return process != null;
    }

    boolean isPaused() {
        return paused;
    }

    /** Whether it can do what it is asked, now. */
    boolean isWorking() {
        return process != null && !paused;
    }

    void start() {
        if (process != null || world.machines().isGone(id)) {
            return;
        }
        if (!stoppedCleanly) {
            switch (world.tampering().afterCrash()) {
                case NEW_ACTORS -> dots.startAsNewActors();
                case OLD_ACTORS -> dots.startAsOldActors();
                case OLD_BLOCKS -> dots.startWithOldBlocks();
            }
        }
        stoppedCleanly = false;
        clock.processStarted(random.between(-Timeline.SECOND, 1_000 * Timeline.SECOND));
        note("starts");
        process = new NodeProcess(this, random.next(), hasSeeds);
        process.start();
    }

    /** Its random stream, for what befalls its processes. */
    Randomness dice() {
        return random;
    }

    /** Its configuration names no seeds: it has to be told where the cluster is. */
    void withoutSeeds() {
        hasSeeds = false;
    }

    /** Dies at once; what was not forced is lost, but for a prefix. */
    void crash() {
        if (process == null) {
            return;
        }
        note("crashes");
        world.history().befell(id, History.Mishap.CRASH, world.timeline().nowNanos());
        end();
        disk.crash();
        afterStop();
    }

    void stopCleanly() {
        if (process == null) {
            return;
        }
        note("stops in order");
        end();
        stoppedCleanly = disk.close();
        afterStop();
    }

    private void end() {
        if (process != null) {
            process.end();
        }
        process = null;
        paused = false;
        held.clear();
    }

    private void afterStop() {
        topologyFile.ended();
        if (world.tampering().losesHintsAtRestart()) {
            disk.dropAllHints();
        }
    }

    /** Its disk is replaced by an empty one while it is down. */
    void loseDisk() {
        crash();
        struck(!disk.durable().isEmpty(), Struck.DISK_WIPED);
        note("has lost its disk");
        world.history().befell(id, History.Mishap.WIPED, world.timeline().nowNanos());
        disk.lose();
        topologyFile.lose();
        dots.startAsNewActors();
        buckets = new TreeMap<>();
        stoppedCleanly = true;
    }

    /** Its hint book is gone, found so when it starts. */
    void loseHints() {
        struck(disk.durable().hintCount() > 0, Struck.HINTS_LOST);
        lose("has lost its hints");
        disk.dropAllHints();
    }

    /** What its disk holds now will be all that it holds after {@link #rollBack}. */
    void remember() {
        disk.remember();
    }

    /** Its disk is put back to what it was. */
    void rollBack() {
        struck(disk.hasGoneOn(), Struck.DISK_ROLLED_BACK);
        lose("has its disk rolled back");
        disk.rollBack();
    }

    /** Stopped in order; what its disk holds now is what {@link #putBackImage} brings back. */
    void stopForImage() {
        stopCleanly();
        hasImage = process == null && stoppedCleanly;
        if (hasImage) {
            disk.remember();
        }
    }

    boolean hasImage() {
        return hasImage;
    }

    /** The directory says that it was closed in order and is not where it was: all is lacking, and the actors are new. */
    void putBackImage() {
        rollBack();
        disk.losses().lostAll(0);
        world.struck(Struck.IMAGE_PUT_BACK);
    }

    /** A checksum of one of its partitions is wrong: the file is moved aside, and the node has forgotten what only that said. */
    void findsDamage(int partition, Struck how) {
        note("finds its file of partition " + partition + " damaged");
        world.struck(how);
        world.disturbed();
        world.history().befell(id, History.Mishap.LOST_DISK, world.timeline().nowNanos());
        disk.setAside(partition);
        dots.renewActor();
    }

    private void struck(boolean itDid, Struck how) {
        if (itDid) {
            world.struck(how);
        }
    }

    private void lose(String what) {
        crash();
        note(what);
        world.history().befell(id, History.Mishap.LOST_DISK, world.timeline().nowNanos());
        dots.startAsNewActors();
        stoppedCleanly = true;
    }

    void pause() {
        if (process != null && !paused) {
            note("stands still");
            paused = true;
        }
    }

    void resume() {
        if (paused) {
            note("goes on");
            paused = false;
            while (!held.isEmpty() && !paused) {
                held.remove().run();
            }
        }
    }

    /** From now on no write finds room on the disk; the node learns it from the first that fails. */
    void fillDisk() {
        note("has a full disk");
        disk.noRoom();
    }

    void emptyDisk() {
        note("has room on its disk");
        disk.room();
        if (process != null) {
            process.selfChanged();
        }
    }

    /** Runs it on the process that is alive now, when it is not paused; never if that process has ended by then. */
    void run(NodeProcess owner, Runnable action) {
        if (process != owner) {
            return;
        }
        if (paused) {
            held.add(() -> run(owner, action));
        } else {
            action.run();
        }
    }

    @Override
    public void receive(NodeId from, Message message) {
        if (process != null) {
            process.receive(from, message);
        }
    }

    @Override
    public void undeliverable(NodeId to, Message message) {
        if (process != null) {
            process.undeliverable(to, message);
        }
    }

    void note(String what) {
        world.trace().note(world.timeline().nowNanos(), "*** " + id + " " + what);
    }
}
