package dev.gramme.wire;

/**
 * How old what this node tells of a partition may be, and what it takes from others: see the essay of {@code antientropy}. Stamps are compared, and say when what was forgotten up to them had
 * been made ({@link StampDates}); 0 is older than any collection of deletes.
 */
public interface Stamps {
    /** Higher than any stamp: nothing at all is taken. */
    long NOTHING = Long.MAX_VALUE;

    /** Where nothing is ever collected. */
    Stamps NONE = new Stamps() {
        @Override
        public long stamp(int partition) {
            return 0;
        }

        @Override
        public long promised(int partition) {
            return 0;
        }

        @Override
        public long keepsFrom(int partition) {
            return 0;
        }

        @Override
        public long epoch(int partition) {
            return 0;
        }

        @Override
        public long takesFrom(int partition) {
            return 0;
        }

        @Override
        public void heard(int partition, long stamp, long epoch) {}
    };

    /** What begins now, and what is read as an owner's now, has this stamp. */
    long stamp(int partition);

    /** But for what this node holds as an owner, nothing that it shows is older: on its disk, or on its way there. What it tells of its hints has this stamp. */
    long promised(int partition);

    /** No hint is kept, and nothing is coordinated here as a fallback, that is older: what was promised; {@link #NOTHING} while this node does not know enough. */
    long keepsFrom(int partition);

    /** Of the last collection that this node carried out as an owner, or that had been carried out when it came to own the partition. 0 if there was none. */
    long epoch(int partition);

    /** Nothing that is older is merged into what this node holds as an owner: the epoch, or more while it comes to own the partition and does not know enough. */
    long takesFrom(int partition);

    /**
     * Somebody spoke of these.
     *
     * @param stamp somebody goes by it; 0 if unknown
     * @param epoch somebody has collected up to it; 0 if unknown
     */
    void heard(int partition, long stamp, long epoch);
}
