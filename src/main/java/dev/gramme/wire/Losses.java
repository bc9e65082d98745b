package dev.gramme.wire;

/**
 * Port: the partitions of which this node may have lost some of what it held and acknowledged as an owner. Such a partition is <em>lacking</em>, any other is whole.
 * Who lacks takes writes and answers exchanges, but what it answers a reader does not count, and nobody takes the partition over from it.
 *
 * <p>A loss has a number, so that who has mended one does not take a later one for mended too. A new directory lacks everything: whose it was before nobody can say.
 *
 * <p>Contract: a partition is lacking, here and after a crash, before any question can find that something is missing. What can't be written down so is not
 * taken away from readers: they are told that the store is broken.
 */
public interface Losses {
    /** The number of no loss. */
    long NONE = 0;

    /** The number of the loss because of which {@code partition} is lacking; {@link #NONE} if it is whole. Any thread, never waits. */
    long of(int partition);

    default boolean isLacking(int partition) {
        return of(partition) != NONE;
    }

    /**
     * {@code partition} is lacking from now on, on the disk too when this returns.
     *
     * @throws RuntimeException the store's, if that could not be written down
     */
    void lost(int partition);

    /**
     * Everything is lacking from now on, on the disk too when this returns: this node goes over to a ring of whose making it knows nothing, so it had been a member of it
     * and has forgotten. Who its other owners are only that ring says.
     *
     * @param epoch of the first topology by which something can be mended: {@link #mended} for an earlier one does nothing
     * @throws RuntimeException as {@link #lost}
     */
    void lostAll(long epoch);

    /**
     * Whole again, unless something was lost since {@code loss}. It may be that a crash takes this back. From the loop that owns the partition.
     *
     * @param epoch of the topology that said what must be done for it
     */
    void mended(int partition, long loss, long epoch);

    /** Of who never loses anything. */
    Losses NEVER = new Losses() {
        @Override
        public long of(int partition) {
            return NONE;
        }

        @Override
        public void lost(int partition) {
            throw new IllegalStateException("partition " + partition + " is lost where nothing ever is");
        }

        @Override
        public void lostAll(long epoch) {
            throw new IllegalStateException("everything is lost where nothing ever is");
        }

        @Override
        public void mended(int partition, long loss, long epoch) {
            throw new IllegalStateException("partition " + partition + " was never lost");
        }
    };
}
