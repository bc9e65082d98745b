package dev.gramme.node;

import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link ClusterCommand}.
 *
 * @param error empty if it was done; else what is in the way, and what to do
 * @param plan for {@link ClusterCommand.Plan}, and the one that was committed for {@link ClusterCommand.Commit}; null where there is none
 */
public record ClusterAnswer(String error, @Nullable RingPlan plan) {
    public static final ClusterAnswer DONE = new ClusterAnswer("", null);

    public static ClusterAnswer refused(String why) {
        return new ClusterAnswer(why, null);
    }
}
