package dev.gramme.sim;

import dev.gramme.antientropy.Trees;
import dev.gramme.handoff.HintBook;
import dev.gramme.node.BackgroundControl;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.replica.DotSource;
import dev.gramme.replica.ReplicaStore;
import dev.gramme.ring.NodeId;
import dev.gramme.wire.Losses;
import java.util.List;

/** Where a mutant gets between a node and its world. Nothing is changed unless a method is overridden. */
interface Tampering {
    Tampering NONE = new Tampering() {};

    /** What a node keeps of its actors when it starts after an unclean stop. */
    enum AfterCrash {
        NEW_ACTORS,
        OLD_ACTORS,
        OLD_BLOCKS
    }

    default ReplicaStore store(NodeId self, ReplicaStore store) {
        return store;
    }

    default Trees trees(NodeId self, SimStore store, int partitions) {
        return store.trees(partitions);
    }

    default HintBook hints(NodeId self, HintBook hints) {
        return hints;
    }

    default Losses losses(NodeId self, Losses losses) {
        return losses;
    }

    default DotSource dots(NodeId self, DotSource dots) {
        return dots;
    }

    default BackgroundControl background(NodeId self, BackgroundControl control) {
        return control;
    }

    /** What a plane is told. */
    default Event event(NodeId self, Event event) {
        return event;
    }

    /** What a plane wants done. */
    default List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
        return effects;
    }

    default AfterCrash afterCrash() {
        return AfterCrash.NEW_ACTORS;
    }

    default boolean acknowledgesBeforeForce() {
        return false;
    }

    default boolean readsPastChecksums() {
        return false;
    }

    /** How old a backup is that all members gave. */
    default long dated(long stamp) {
        return stamp;
    }

    default boolean losesHintsAtRestart() {
        return false;
    }
}
