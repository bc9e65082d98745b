package dev.gramme.sim;

import dev.gramme.ring.NodeId;
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
    private final Randomness random;
    private final NodeClock clock;
    private final SimDisk disk;
    private SimDots dots;
    private SortedMap<String, BucketProperties> buckets = new TreeMap<>();
    private @Nullable NodeProcess process;
    private boolean stoppedCleanly = true;
    private boolean paused;
    private final Deque<Runnable> held = new ArrayDeque<>();

    SimNode(World world, NodeId id) {
        this.world = world;
        this.id = id;
        this.random = world.random().fork("node " + id);
        this.clock = new NodeClock(world.timeline());
        this.disk = new SimDisk(
                world.timeline(),
                random.fork("disk"),
                world.scenario().intervalMillis() * Timeline.MILLI,
                world.tampering().acknowledgesBeforeForce());
        this.dots = new SimDots(random.fork("dots"));
    }

    NodeId id() {
        return id;
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
        if (process != null) {
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
        process = new NodeProcess(this, random.next());
        process.start();
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
        if (world.tampering().losesHintsAtRestart()) {
            disk.dropAllHints();
        }
    }

    /** Its disk is replaced by an empty one while it is down. */
    void loseDisk() {
        crash();
        note("has lost its disk");
        world.history().befell(id, History.Mishap.LOST_DISK, world.timeline().nowNanos());
        disk.lose();
        dots.startAsNewActors();
        buckets = new TreeMap<>();
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
