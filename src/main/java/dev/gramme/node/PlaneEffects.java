package dev.gramme.node;

import dev.gramme.antientropy.Collected;
import dev.gramme.antientropy.Exchanged;
import dev.gramme.antientropy.RepairOutbox;
import dev.gramme.coordinator.Answers;
import dev.gramme.handoff.RangeOutbox;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.Proposal;
import dev.gramme.wire.GetOutcome;
import dev.gramme.wire.Message;
import dev.gramme.wire.Mutation;
import dev.gramme.wire.Probe;
import dev.gramme.wire.PutOutcome;
import dev.gramme.wire.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;

/** Collects what the machines of one plane want done while it handles one event. */
final class PlaneEffects implements Answers, RangeOutbox, RepairOutbox {
    private static final Effect.Observed[] ONCE = once();

    private final int loop;
    private final int loops;
    private long sequence;
    private long lastToken;
    private List<Effect> effects = new ArrayList<>();

    /** @param firstSequence above or apart from all that earlier lives of this node have used: see {@link RequestIds} */
    PlaneEffects(int loop, int loops, long firstSequence) {
        this.loop = loop;
        this.loops = loops;
        this.sequence = firstSequence;
    }

    private static Effect.Observed[] once() {
        Probe[] probes = Probe.values();
        Effect.Observed[] observed = new Effect.Observed[probes.length];
        for (Probe probe : probes) {
            observed[probe.ordinal()] = new Effect.Observed(probe, 1);
        }
        return observed;
    }

    /** What was collected since the last time. */
    List<Effect> take() {
        List<Effect> taken = effects;
        effects = new ArrayList<>(8);
        return taken;
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    @Override
    public void send(NodeId to, Message message) {
        effects.add(new Effect.Send(to, message));
    }

    @Override
    public long persist(List<Mutation> mutations) {
        lastToken++;
        effects.add(new Effect.Persist(lastToken, mutations));
        return lastToken;
    }

    @Override
    public void observed(Probe probe) {
        effects.add(ONCE[probe.ordinal()]);
    }

    @Override
    public long nextId() {
        return ++sequence * loops + loop;
    }

    @Override
    public void putDone(long request, PutOutcome outcome) {
        effects.add(new Effect.PutDone(request, outcome));
    }

    @Override
    public void getDone(long request, GetOutcome outcome) {
        effects.add(new Effect.GetDone(request, outcome));
    }

    @Override
    public void exchanged(Exchanged exchanged, int left) {
        effects.add(new Effect.ExchangeEnded(loop, exchanged, left));
    }

    @Override
    public void altered(Key key) {
        effects.add(new Effect.VersionAltered(key));
    }

    @Override
    public void collected(Collected collected) {
        effects.add(new Effect.RoundEnded(loop, collected));
    }

    @Override
    public void rangePulled(Proposal.Id proposal, int partition, long bytes) {
        effects.add(new Effect.RangePulled(proposal, partition, bytes));
    }

    @Override
    public void rangeRefused(Proposal.Id proposal, int partition, NodeId source, ReplicaStatus why) {
        effects.add(new Effect.RangeRefused(proposal, partition, source, why));
    }

    @Override
    public void rangeReceived(Proposal.Id proposal, int partition, long keys, long bytes) {
        effects.add(new Effect.RangeReceived(proposal, partition, keys, bytes));
    }
}
