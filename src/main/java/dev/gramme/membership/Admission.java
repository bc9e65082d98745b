package dev.gramme.membership;

import dev.gramme.ring.RingMember;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.Message.Exchange;
import dev.gramme.wire.Rumour;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What every member must have in common, and what each may say of itself.
 *
 * @param partitions Q
 * @param replicas N
 */
public record Admission(String cluster, int partitions, int replicas) {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[[0-9A-Za-z:.%]{2,64}]|[^:\\s\\[\\]/]{1,255}):([0-9]{1,5})");

    private static final int MAX_PORT = 65_535;

    /** Of a zone, a program's version, in characters. */
    private static final int MAX_NAME = 64;

    private static final int MAX_ADDRESS = 300;

    /** No member's clock is so far ahead. Below {@link MemberRecord#MAX_INCARNATION}, which the wire bears, so that it is refused with a reason. */
    private static final long MAX_INCARNATION = MemberRecord.MAX_INCARNATION / 2;

    /** Why the sender can't be a member of this cluster, told to its operator; empty if it can. */
    public String objection(Exchange exchange) {
        if (!exchange.cluster().equals(cluster)) {
            return "it is of cluster '" + exchange.cluster() + "', this node of cluster '" + cluster
                    + "'. Correct its cluster name, or its list of members or seeds";
        }
        if (exchange.partitions() != partitions) {
            return "it has Q = " + exchange.partitions() + " partitions, this cluster " + partitions
                    + ". Q is fixed for a cluster's life: configure it with the cluster's, and an empty data directory";
        }
        if (exchange.replicas() != replicas) {
            return "it has N = " + exchange.replicas() + " replicas, this cluster " + replicas
                    + ". N is the same on all nodes: configure it with the cluster's";
        }
        return "";
    }

    /** What is impossible in what a member says of itself, told to its operator; empty if nothing is. */
    public static String objection(MemberRecord record) {
        if (!isAddress(record.bridge())) {
            return "its address is '" + record.bridge() + "', which is no host:port that others could connect to";
        }
        if (record.weight() < 1 || record.weight() > RingMember.MAX_WEIGHT) {
            return "its weight is " + record.weight() + ": it must be 1 to " + RingMember.MAX_WEIGHT;
        }
        if (record.zone().length() > MAX_NAME || record.program().length() > MAX_NAME) {
            return "its zone or version has more than " + MAX_NAME + " characters";
        }
        if (record.http().length() > MAX_ADDRESS) {
            return "its address has more than " + MAX_ADDRESS + " characters";
        }
        if (record.incarnation() > MAX_INCARNATION) {
            return "its incarnation is " + record.incarnation() + ": its clock is thousands of years ahead";
        }
        return "";
    }

    /** Whether who is spoken of can be above it, and be believed ever after: beyond half of what is believed of itself, it is shut up sooner or later. */
    static boolean canBeAbove(Rumour rumour) {
        return rumour.incarnation() < MAX_INCARNATION / 2;
    }

    /** Whether this is a host:port that can be connected to. */
    static boolean isAddress(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        int port = Integer.parseInt(matcher.group(1));
        return port >= 1 && port <= MAX_PORT;
    }
}
