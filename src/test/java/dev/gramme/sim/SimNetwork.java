package dev.gramme.sim;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The network between the nodes. Every message travels as the bytes of {@link MessageCodec}. It may be lost, come twice, late, or out
 * of order; its sender may be told that it was not delivered, or not. What has arrived may arrive once more when nobody thinks of it any longer.
 */
final class SimNetwork {
    /** Where messages come out. */
    interface Host {
        boolean isUp();

        /** Where it listens, host:port. */
        String address();

        void receive(NodeId from, Message message);

        void undeliverable(NodeId to, Message message);
    }

    private static final class Link {
        final long baseNanos;
        long lastArrivalNanos;

        Link(long baseNanos) {
            this.baseNanos = baseNanos;
        }
    }

    private static final double TOLD_OF_CUT = 0.1;

    /** Late enough that what a message brought may be replaced, deleted and forgotten when its copy comes. */
    private static final long LATE_COPY_LEAST_NANOS = 4 * Timeline.SECOND;

    private static final long LATE_COPY_MOST_NANOS = 18 * Timeline.SECOND;

    private final Timeline timeline;
    private final Trace trace;
    private final Randomness random;
    /** Of late copies alone. */
    private final Randomness lateness;

    private final SortedMap<NodeId, Host> hosts = new TreeMap<>();
    private final SortedMap<NodeId, SortedMap<NodeId, Link>> links = new TreeMap<>();
    private final List<Cut> cuts = new ArrayList<>();
    private Weather weather = Weather.FAIR;

    SimNetwork(Timeline timeline, Trace trace, Randomness random) {
        this.timeline = timeline;
        this.trace = trace;
        this.random = random;
        this.lateness = random.fork("late copies");
    }

    void attach(NodeId id, Host host) {
        hosts.put(id, host);
    }

    Weather weather() {
        return weather;
    }

    void weather(Weather now) {
        weather = now;
    }

    void cut(Cut cut) {
        cuts.add(cut);
    }

    void mend(Cut cut) {
        cuts.remove(cut);
    }

    List<Cut> cuts() {
        return cuts;
    }

    boolean passes(NodeId from, NodeId to) {
        for (Cut cut : cuts) {
            if (cut.blocks(from, to)) {
                return false;
            }
        }
        return true;
    }

    /**
     * To a node that is known by name.
     *
     * @param address where the sender believes it to be: nobody else answers there
     */
    void send(NodeId from, NodeId to, String address, Message message) {
        Bytes bytes = MessageCodec.encode(message);
        trace.note(
                timeline.nowNanos(),
                Arrays.hashCode(bytes.array()) * 31L + from.hashCode() * 17L + to.hashCode(),
                () -> from + " -> " + to + " " + message);
        if (random.chance(weather.drop())) {
            return;
        }
        Link link = links.computeIfAbsent(from, f -> new TreeMap<>())
                .computeIfAbsent(to, t -> new Link(random.between(50 * Timeline.MICRO, Timeline.MILLI)));
        carry(link, from, to, address, bytes);
        if (random.chance(weather.duplicate())) {
            carry(link, from, to, address, bytes);
        }
    }

    /** To whoever listens there. It may be lost without a word. */
    void contact(NodeId from, String address, Message message) {
        for (NodeId to : hosts.keySet()) {
            if (!to.equals(from) && host(to).isUp() && host(to).address().equals(address)) {
                send(from, to, address, message);
            }
        }
    }

    private void carry(Link link, NodeId from, NodeId to, String address, Bytes bytes) {
        long nanos = link.baseNanos + random.exponential(link.baseNanos / 4);
        if (random.chance(weather.delay())) {
            nanos += random.exponential(weather.delayNanos());
        }
        if (weather.far()) {
            nanos += random.between(Weather.FAR_LEAST_NANOS, Weather.FAR_MOST_NANOS);
        }
        long arrival = timeline.nowNanos() + nanos;
        if (!weather.reorder()) {
            arrival = Math.max(arrival, link.lastArrivalNanos);
            link.lastArrivalNanos = arrival;
        }
        boolean told = random.chance(weather.notice());
        // A connection across a cut is silent for long: mostly nobody is told.
        boolean toldOfCut = told && random.chance(TOLD_OF_CUT);
        timeline.at(arrival, () -> arrive(from, to, address, bytes, told, toldOfCut));
    }

    private void arrive(NodeId from, NodeId to, String address, Bytes bytes, boolean told, boolean toldOfCut) {
        Message message = MessageCodec.decode(bytes);
        if (!passes(from, to)) {
            if (toldOfCut) {
                undelivered(from, to, message);
            }
        } else if (host(to).isUp() && host(to).address().equals(address)) {
            host(to).receive(from, message);
            copyLate(from, to, address, bytes);
        } else if (told) {
            undelivered(from, to, message);
        }
    }

    /** Only of what has arrived: of what has not, the sender may have been told so. */
    private void copyLate(NodeId from, NodeId to, String address, Bytes bytes) {
        if (weather.lateCopy() > 0 && lateness.chance(weather.lateCopy())) {
            long nanos = lateness.between(LATE_COPY_LEAST_NANOS, LATE_COPY_MOST_NANOS);
            timeline.after(nanos, () -> arrive(from, to, address, bytes, false, false));
        }
    }

    private void undelivered(NodeId from, NodeId to, Message message) {
        if (host(from).isUp()) {
            host(from).undeliverable(to, message);
        }
    }

    private Host host(NodeId id) {
        Host host = hosts.get(id);
        if (host == null) {
            throw new IllegalStateException("a message for " + id + ", which is no member");
        }
        return host;
    }
}
