package dev.gramme.storage;

import dev.gramme.wire.Mutation;
import java.util.List;

/** What readers see: states and hints. Here a mutation becomes visible, before it is durable; and a replayed one again. */
record Tables(StateStore states, HintStore hints) {
    /**
     * All are visible when this returns. If they are refused they stay so, but for drops and what follows a partition's setting aside in the same record. Of hints it is noted that they were
     * refused ({@link HintRefusals}).
     *
     * @return is to be told what became of them, and tells {@code done}
     */
    PersistCallback show(List<Mutation> mutations, PersistCallback done) {
        PersistCallback told = mutations.stream().anyMatch(HintRefusals::isOfHint)
                ? hints.refusals().noting(mutations, done)
                : done;
        PartitionTable.Drop drop = null;
        for (Mutation mutation : mutations) {
            if (mutation instanceof Mutation.SetAside aside) {
                drop = states.setAside(aside.partition(), aside.epoch());
                told = told(aside.partition(), drop, told);
            } else if (drop != null && mutation instanceof Mutation.SetState set) {
                states.set(set.partition(), set.key(), set.state(), drop);
            } else {
                told = show(mutation, told);
            }
        }
        return told;
    }

    /** As the log has it: visible, and durable. */
    void replay(Mutation mutation) {
        show(List.of(mutation), outcome -> {}).persisted(PersistCallback.Outcome.DURABLE);
    }

    private PersistCallback show(Mutation mutation, PersistCallback done) {
        switch (mutation) {
            case Mutation.SetState set -> states.set(set.partition(), set.key(), set.state());
            case Mutation.SetHint hint -> hints.set(hint.partition(), hint.key(), hint.owner(), hint.state());
            case Mutation.DropHint drop -> hints.drop(drop.partition(), drop.key(), drop.owner());
            case Mutation.DropPartition drop -> {
                return told(drop.partition(), states.drop(drop.partition()), done);
            }
            case Mutation.Promise promise -> {
                states.promises().show(promise.partition(), promise.stamp());
                return outcome -> {
                    if (outcome == PersistCallback.Outcome.DURABLE) {
                        states.promises().told(promise.partition(), promise.stamp());
                    }
                    done.persisted(outcome);
                };
            }
            case Mutation.SetAside aside -> {
                return told(aside.partition(), states.setAside(aside.partition(), aside.epoch()), done);
            }
            case Mutation.Barrier barrier -> {}
            case Mutation.Collect collect -> states.collect(collect.partition(), collect.epoch(), collect.keys());
        }
        return done;
    }

    private PersistCallback told(int partition, PartitionTable.Drop shown, PersistCallback done) {
        return outcome -> {
            states.told(partition, shown, outcome == PersistCallback.Outcome.DURABLE);
            done.persisted(outcome);
        };
    }

    /** Whether these, once applied, leave more room on the disk than there was. */
    static boolean makesRoom(List<Mutation> mutations) {
        return mutations.stream().allMatch(mutation -> mutation instanceof Mutation.DropPartition);
    }
}
