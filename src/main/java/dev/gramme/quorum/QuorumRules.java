package dev.gramme.quorum;

import dev.gramme.ring.NodeId;
import java.util.List;

/** How many replies a request waits for (DeCandia et al. 2007, 4.5). */
public final class QuorumRules {
    private QuorumRules() {}

    /**
     * @param asked R or W of the request, 0 if it does not say
     * @param bucket R or W of the bucket
     */
    public static int effective(int asked, int bucket) {
        return asked == 0 ? bucket : asked;
    }

    /** R and W are from 1 to N: more replies than replicas never come. */
    public static boolean isPossible(int needed, int replicas) {
        return needed >= 1 && needed <= replicas;
    }

    /**
     * How many places of the {@code set}-th set of owners a put needs: W. A cluster that grows may have had fewer owners than W: of such a set, the
     * first of two, it needs all.
     */
    public static int neededOf(int needed, List<List<NodeId>> quorums, int set) {
        boolean passing = set < quorums.size() - 1;
        return passing ? Math.min(needed, quorums.get(set).size()) : needed;
    }
}
