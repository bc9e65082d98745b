package dev.gramme.runtime;

import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;
import dev.gramme.transport.HostAndPort;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads configured members ({@code n1=host:7800,n2=host:7800/zone-b,n3=host:7800/zone-c/200}), zones, and seeds ({@code host:7800,name:7800}). */
final class MemberSyntax {
    static final int MAX_MEMBERS = 1_000;
    static final int MAX_SEEDS = 64;

    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");
    private static final String FORM = "Write id=host:port, id=host:port/zone or id=host:port/zone/weight";

    private MemberSyntax() {}

    /**
     * @param defaultZone of members that name none
     * @return by id; empty if the text names none
     * @throws IllegalArgumentException saying which entry is wrong, and how one is written
     */
    static SortedMap<NodeId, ConfiguredMember> parse(String text, String defaultZone) {
        SortedMap<NodeId, ConfiguredMember> members = new TreeMap<>();
        for (String part : parts(text)) {
            ConfiguredMember member = member(part, defaultZone);
            if (members.put(member.id(), member) != null) {
                throw new IllegalArgumentException("the list of members names " + member.id() + " twice");
            }
        }
        if (members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException("at most " + MAX_MEMBERS + " members, not " + members.size());
        }
        return members;
    }

    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    private static ConfiguredMember member(String text, String defaultZone) {
        int equals = text.indexOf('=');
        String[] parts = text.substring(equals + 1).split("/", -1);
        if (equals < 1 || parts.length > 3) {
            throw new IllegalArgumentException("not a member: '" + text + "'. " + FORM);
        }
        try {
            HostAndPort bridge = reachable(parts[0]);
            String zone = parts.length > 1 && !parts[1].isEmpty() ? zone(parts[1]) : defaultZone;
            int weight = parts.length > 2 ? weight(parts[2]) : RingMember.DEFAULT_WEIGHT;
            NodeId id = new NodeId(text.substring(0, equals));
            return new ConfiguredMember(new RingMember(id, zone, weight), bridge.toString());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a member: '" + text + "': " + e.getMessage() + ". " + FORM, e);
        }
    }

    private static int weight(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "a weight is a number from 1 to " + RingMember.MAX_WEIGHT + ", not '" + text + "'", e);
        }
    }

    /** @throws IllegalArgumentException if it is no name of a zone */
    static String zone(String text) {
        if (!ZONE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a zone: '" + text
                    + "'. Use 1 to 64 letters, digits, dots, dashes or underscores, for example --zone eu-west-1a");
        }
        return text;
    }

    /** @throws IllegalArgumentException naming the entry that is no address */
    static List<HostAndPort> seeds(String text) {
        List<HostAndPort> seeds = new ArrayList<>();
        for (String part : parts(text)) {
            try {
                seeds.add(reachable(part));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "not a seed: '" + part + "'. Write the address of another node's bridge, host:port", e);
            }
        }
        if (seeds.size() > MAX_SEEDS) {
            throw new IllegalArgumentException(
                    "at most " + MAX_SEEDS + " seeds, not " + seeds.size() + ": one name may stand for many nodes");
        }
        return seeds;
    }

    private static HostAndPort reachable(String text) {
        HostAndPort address = HostAndPort.parse(text);
        if (address.port() == 0 || !HOST.matcher(address.host()).matches()) {
            throw new IllegalArgumentException("'" + text + "' can't be reached: use host:port, port 1 to 65535");
        }
        return address;
    }
}
