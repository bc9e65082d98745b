package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A member of the ring, and where it says that clients find it. */
record MemberAddress(String id, String url) {
    /**
     * As the node at {@code endpoint} knows them.
     *
     * @throws Endpoint.UnreachableException if none answers there
     */
    static List<MemberAddress> ofRing(Endpoint endpoint) {
        String scheme = endpoint.targets().getFirst().getScheme() + "://";
        List<MemberAddress> members = new ArrayList<>();
        for (JsonNode member : endpoint.json("/v1/cluster/members").path("members")) {
            if (member.path("inRing").asBoolean()) {
                members.add(new MemberAddress(
                        member.path("id").asText(), scheme + member.path("http").asText()));
            }
        }
        return members;
    }
}
