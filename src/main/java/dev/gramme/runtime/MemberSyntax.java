package dev.gramme.runtime;

import dev.gramme.membership.Member;
import dev.gramme.membership.StaticMembers;
import dev.gramme.ring.NodeId;
import dev.gramme.ring.RingMember;
import dev.gramme.transport.HostAndPort;
import java.util.ArrayList;
import java.util.List;

/** Reads configured members: {@code n1=host:7800,n2=host:7800/zone-b,n3=host:7800/zone-c/200}. */
final class MemberSyntax {
    static final int MAX_MEMBERS = 1_000;

    private static final String FORM = "Write id=host:port, id=host:port/zone or id=host:port/zone/weight";

    private MemberSyntax() {}

    /**
     * @param defaultZone of members that name none
     * @throws IllegalArgumentException saying which entry is wrong, and how one is written
     */
    static StaticMembers parse(String text, String defaultZone) {
        List<Member> members = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                members.add(member(part.strip(), defaultZone));
            }
        }
        if (members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException("at most " + MAX_MEMBERS + " members, not " + members.size());
        }
        return StaticMembers.of(members);
    }

    private static Member member(String text, String defaultZone) {
        int equals = text.indexOf('=');
        String[] parts = text.substring(equals + 1).split("/", -1);
        if (equals < 1 || parts.length > 3) {
            throw new IllegalArgumentException("not a member: '" + text + "'. " + FORM);
        }
        try {
            HostAndPort bridge = HostAndPort.parse(parts[0]);
            String zone = parts.length > 1 && !parts[1].isEmpty() ? parts[1] : defaultZone;
            int weight = parts.length > 2 ? Integer.parseInt(parts[2]) : RingMember.DEFAULT_WEIGHT;
            return new Member(new RingMember(new NodeId(text.substring(0, equals)), zone, weight), bridge.toString());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a member: '" + text + "': " + e.getMessage() + ". " + FORM, e);
        }
    }
}
