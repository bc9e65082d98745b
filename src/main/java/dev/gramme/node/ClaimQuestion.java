package dev.gramme.node;

import dev.gramme.ring.Claim;
import dev.gramme.ring.Ring;
import dev.gramme.ring.RingMember;
import java.util.List;

/**
 * Which ring comes after {@code before} when its members become these. The answer is a function of the question alone, so it may be found on any thread; with
 * thousands of partitions and a hundred members that takes longer than a control loop should be silent.
 *
 * @param members in order of id
 */
public record ClaimQuestion(Ring before, List<RingMember> members) {
    public ClaimQuestion {
        members = List.copyOf(members);
    }

    public Ring answer() {
        return Claim.change(before, members);
    }
}
