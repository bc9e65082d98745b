package dev.gramme.wire;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.Phase;
import dev.gramme.ring.Proposal;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the ring, in bytes: a part of messages, and of what a node keeps. The container carries the format's version.
 *
 * <p>A proposal's base, N and Q are those of the settled ring before it and are not said again.
 */
public final class RingTableCodec {
    /** Proposals and versions count an operator's decisions: beyond this, somebody is lying, and adding one must not overflow. */
    public static final long MAX_NUMBER = 1L << 48;

    /** A node of one letter, a number, a base, a kind, no weight, no successor. */
    private static final int LEAST_STAGED_BYTES = 7;

    private static final Phase[] PHASES = Phase.values();
    private static final StagedChange.Kind[] KINDS = StagedChange.Kind.values();

    private RingTableCodec() {}

    /** @throws IllegalArgumentException if a ring of the table has not min(N, members) owners everywhere, or the proposal another base, N or Q */
    public static void write(ByteWriter out, RingTable table) {
        RingCodec.write(out, table.settled());
        Proposal proposal = table.proposal();
        out.flag(proposal != null);
        if (proposal != null) {
            writeProposal(out, table.settled(), proposal);
        }
        out.count(table.staged().size());
        for (StagedChange change : table.staged()) {
            MessageCodec.writeNode(out, change.node());
            out.varint(change.number()).varint(change.base()).u8(change.kind().ordinal());
            MessageCodec.writeNodeOrNone(out.count(change.weight()), change.successor());
        }
    }

    /** @throws MalformedException if the bytes are none, or say what no ring can be */
    public static RingTable read(ByteReader in) {
        Ring settled = RingCodec.read(in);
        Proposal proposal = in.flag("a proposal") ? readProposal(in, settled) : null;
        int size = in.items("staged changes", LEAST_STAGED_BYTES);
        List<StagedChange> staged = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            staged.add(readStaged(in, i == 0 ? null : staged.get(i - 1).node()));
        }
        return new RingTable(settled, proposal, staged);
    }

    private static void writeProposal(ByteWriter out, Ring settled, Proposal proposal) {
        Ring target = proposal.target();
        if (proposal.base() != settled.version()
                || (target != null
                        && (target.replicas() != settled.replicas() || target.partitions() != settled.partitions()))) {
            throw new IllegalArgumentException(proposal + " changes another ring than " + settled);
        }
        MessageCodec.writeNode(out.varint(proposal.number()), proposal.proposer())
                .flag(target != null);
        if (target != null) {
            RingCodec.writeBody(out, target);
            RingCodec.writeNodes(out, proposal.excluded());
        }
    }

    private static Proposal readProposal(ByteReader in, Ring settled) {
        if (settled.version() == 0) {
            throw in.malformed("a change of a ring that is not known");
        }
        long number = readNumber(in, "number of a proposal");
        NodeId proposer = MessageCodec.readNode(in);
        if (!in.flag("a ring to come")) {
            return new Proposal(number, proposer, settled.version(), null, new TreeSet<>());
        }
        Ring target = RingCodec.readBody(in, settled.version() + 1, settled.replicas(), settled.partitions());
        SortedSet<NodeId> excluded = RingCodec.readNodes(in, "excluded members");
        for (NodeId node : excluded) {
            if (!settled.members().containsKey(node) && !target.members().containsKey(node)) {
                throw in.malformed(node + " is excluded, and is a member of neither ring");
            }
        }
        return new Proposal(number, proposer, settled.version(), target, excluded);
    }

    private static StagedChange readStaged(ByteReader in, @Nullable NodeId before) {
        NodeId node = RingCodec.readNext(in, before);
        long number = readNumber(in, "number of a staged change");
        long base = readNumber(in, "base of a staged change");
        StagedChange.Kind kind = MessageCodec.readConstant(in, "kind of change", KINDS);
        int weight = in.count("weight", RingMember.MAX_WEIGHT);
        NodeId successor = MessageCodec.readNodeOrNone(in);
        if ((weight > 0) != (kind == StagedChange.Kind.WEIGHT)
                || (successor != null) != (kind == StagedChange.Kind.REPLACE)) {
            throw in.malformed("a change " + kind + " with weight " + weight + " and successor " + successor);
        }
        return new StagedChange(node, number, base, kind, weight, successor);
    }

    public static void writeProgress(ByteWriter out, RingProgress progress) {
        out.varint(progress.settled());
        Proposal.Id proposal = progress.proposal();
        out.flag(proposal != null);
        if (proposal != null) {
            writePhase(RangeCodec.writeProposal(out, proposal), progress.phase());
        }
        out.count(progress.gained()).count(progress.received());
        out.varint(progress.receivedBytes()).varint(progress.bytesPerSecond());
    }

    /** @throws MalformedException if the bytes are none */
    public static RingProgress readProgress(ByteReader in) {
        long settled = readNumber(in, "version of a ring");
        Proposal.Id proposal = null;
        Phase phase = null;
        if (in.flag("a proposal")) {
            proposal = RangeCodec.readProposal(in);
            phase = readPhase(in);
        }
        int gained = in.count("partitions to receive", Ring.MAX_PARTITIONS);
        return new RingProgress(
                settled,
                proposal,
                phase,
                gained,
                in.count("received partitions", gained),
                in.varint("received bytes"),
                in.varint("bytes a second"));
    }

    public static void writePhase(ByteWriter out, @Nullable Phase phase) {
        out.u8(phase == null ? 0 : 1 + phase.ordinal());
    }

    public static @Nullable Phase readPhase(ByteReader in) {
        int code = in.u8("phase");
        if (code > PHASES.length) {
            throw in.malformed("unknown phase " + code);
        }
        return code == 0 ? null : PHASES[code - 1];
    }

    static long readNumber(ByteReader in, String what) {
        long value = in.varint(what);
        if (value < 0 || value > MAX_NUMBER) {
            throw in.malformed(what + " must be 0 to " + MAX_NUMBER + ", not " + Long.toUnsignedString(value));
        }
        return value;
    }
}
