package dev.gramme.version;

/**
 * One write event: {@code counter} of {@code actor} (Preguiça et al. 2010). Never minted twice.
 *
 * @param actor a random 64-bit id, minted with a store's life (see the package's essay)
 * @param counter from 1 up, one sequence per actor over all keys
 */
public record Dot(long actor, long counter) implements Comparable<Dot> {
    public Dot {
        if (counter < 1) {
            throw new IllegalArgumentException("a dot's counter starts at 1, not " + counter);
        }
    }

    @Override
    public int compareTo(Dot other) {
        int byActor = Long.compareUnsigned(actor, other.actor);
        return byActor != 0 ? byActor : Long.compare(counter, other.counter);
    }

    @Override
    public String toString() {
        return Long.toHexString(actor) + ":" + counter;
    }
}
