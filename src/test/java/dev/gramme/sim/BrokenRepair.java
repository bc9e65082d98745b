package dev.gramme.sim;

import dev.gramme.antientropy.LeafPage;
import dev.gramme.antientropy.MerkleTree;
import dev.gramme.antientropy.Trees;
import dev.gramme.node.Effect;
import dev.gramme.node.Event;
import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Content;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Losses;
import dev.gramme.wire.Message;
import dev.gramme.wire.StateDigest;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Mutants of anti-entropy, and a node that has nothing else. */
final class BrokenRepair {
    private BrokenRepair() {}

    /** Owners never compare. */
    static final class NoExchanges implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            return effects.stream()
                    .filter(e -> !(e instanceof Effect.Send(NodeId to, Message.RepairRequest request)))
                    .toList();
        }
    }

    /** Who comes back with an empty disk is asked and counted as if nothing had been. */
    static final class WipedOwnersCount implements Tampering {
        @Override
        public Losses losses(NodeId self, Losses losses) {
            return new ChangedLosses(losses) {
                @Override
                public long of(int partition) {
                    long loss = super.of(partition);
                    if (loss != NONE) {
                        mended(partition, loss, Long.MAX_VALUE);
                    }
                    return NONE;
                }
            };
        }
    }

    /** Who has compared with one other owner takes itself for whole. */
    static final class WholeAfterOneExchange implements Tampering {
        private final SortedMap<NodeId, Losses> all = new TreeMap<>();

        @Override
        public Losses losses(NodeId self, Losses losses) {
            all.put(self, losses);
            return losses;
        }

        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            for (Effect effect : effects) {
                Losses losses = all.get(self);
                if (effect instanceof Effect.ExchangeEnded ended
                        && ended.exchanged().outcome().isComplete()
                        && losses != null) {
                    int partition = ended.exchanged().partition();
                    losses.mended(partition, losses.of(partition), Long.MAX_VALUE);
                }
            }
            return effects;
        }
    }

    /** Who goes over to a ring that it has forgotten takes what it holds for all that it held. */
    static final class ForgottenRingsLoseNothing implements Tampering {
        @Override
        public Losses losses(NodeId self, Losses losses) {
            return new ChangedLosses(losses) {
                @Override
                public void lostAll(long epoch) {
                    // Nothing was done.
                }
            };
        }
    }

    /** Who lacks something lacks it for ever. */
    static final class NeverWholeAgain implements Tampering {
        @Override
        public Losses losses(NodeId self, Losses losses) {
            return new ChangedLosses(losses) {
                @Override
                public void mended(int partition, long loss, long epoch) {
                    // Nothing was done.
                }
            };
        }
    }

    private static class ChangedLosses implements Losses {
        private final Losses losses;

        ChangedLosses(Losses losses) {
            this.losses = losses;
        }

        @Override
        public long of(int partition) {
            return losses.of(partition);
        }

        @Override
        public void lost(int partition) {
            losses.lost(partition);
        }

        @Override
        public void lostAll(long epoch) {
            losses.lostAll(epoch);
        }

        @Override
        public void mended(int partition, long loss, long epoch) {
            losses.mended(partition, loss, epoch);
        }
    }

    /** What is found to differ in every third leaf is not looked into. */
    static final class LeavesSkipped implements Tampering {
        private static final int EVERY = 3;

        @Override
        public Trees trees(NodeId self, SimStore store, int partitions) {
            return new ChangedTrees(store.trees(partitions)) {
                @Override
                public long[] children(int partition, int level, int index) {
                    long[] hashes = super.children(partition, level, index);
                    for (int i = 0; level == MerkleTree.DEPTH - 1 && i < hashes.length; i++) {
                        hashes[i] = (index * MerkleTree.FAN_OUT + i) % EVERY == 0 ? 0 : hashes[i];
                    }
                    return hashes;
                }
            };
        }
    }

    /** A digest does not say which write of an actor a version is. */
    static final class CountersNotInDigests implements Tampering {
        @Override
        public Trees trees(NodeId self, SimStore store, int partitions) {
            return store.trees(partitions, CountersNotInDigests::digest);
        }

        private static long digest(VersionSet state) {
            long hash = 1;
            for (Version sibling : state.siblings()) {
                hash = 31 * hash + sibling.dot().actor();
            }
            return hash == 0 ? 1 : hash;
        }
    }

    /** A digest says which versions there are, and not what they say. */
    static final class ContentsNotInDigests implements Tampering {
        @Override
        public Trees trees(NodeId self, SimStore store, int partitions) {
            return store.trees(partitions, state -> StateDigest.of(withoutContents(state)));
        }

        private static VersionSet withoutContents(VersionSet state) {
            List<Version> siblings = state.siblings().stream()
                    .map(sibling -> new Version(sibling.dot(), sibling.time(), Content.delete()))
                    .toList();
            return new VersionSet(state.context(), siblings, state.replaced());
        }
    }

    /** What reads find stale stays stale: not a flaw, but what shows that anti-entropy needs no reads. */
    static final class NoReadRepair implements Tampering {
        @Override
        public List<Effect> effects(NodeId self, Event cause, List<Effect> effects) {
            if (!(cause instanceof Event.Received(NodeId from, Message.ReplicaGetReply reply))) {
                return effects;
            }
            return effects.stream()
                    .filter(e -> !(e instanceof Effect.Persist)
                            && !(e instanceof Effect.Send(NodeId to, Message.ReplicaPut put)))
                    .toList();
        }
    }

    private static class ChangedTrees implements Trees {
        private final Trees trees;

        ChangedTrees(Trees trees) {
            this.trees = trees;
        }

        @Override
        public boolean isReady(int partition) {
            return trees.isReady(partition);
        }

        @Override
        public void build(int partition) {
            trees.build(partition);
        }

        @Override
        public long root(int partition) {
            return trees.root(partition);
        }

        @Override
        public long[] children(int partition, int level, int index) {
            return trees.children(partition, level, index);
        }

        @Override
        public LeafPage keys(int partition, int leaf, @Nullable Key after, int maxEntries) {
            return trees.keys(partition, leaf, after, maxEntries);
        }
    }
}
