package dev.gramme.sim;

import java.util.List;

/**
 * What the clients do.
 *
 * @param clients how many, each with one request at a time
 * @param hotKeys keys that take half of the requests
 * @param coldKeys keys that share the rest
 * @param thinkMillis mean pause between two operations of a client
 * @param strictShare share of clients that only ask strict quorums with R + W &gt; N
 * @param looseShare share of the other clients' requests at R = 1 and W = 1
 * @param readShare share of operations that begin with a get; the others write with no context, or an older one
 * @param ttlShare share of puts with a time to live of their own, of some seconds
 * @param deletes how many times as often as usual a write is a delete
 */
record Workload(
        int clients,
        int hotKeys,
        int coldKeys,
        int thinkMillis,
        double strictShare,
        double looseShare,
        double readShare,
        double ttlShare,
        int deletes) {
    static final Workload MIXED = new Workload(8, 3, 60, 120, 0.4, 0.2, 0.6, 0, 1);
    /** Everybody at the same few keys. */
    static final Workload CROWDED = new Workload(8, 2, 6, 120, 0.4, 0.2, 0.6, 0, 1);
    /** Few keys, mostly with the weakest quorums: every copy counts. */
    static final Workload LOOSE = new Workload(8, 2, 12, 100, 0.1, 0.9, 0.6, 0, 1);

    /** Writes by those who hardly ever look: what a node has forgotten it is not reminded of by reads. */
    static final Workload BLIND = new Workload(8, 1, 30, 60, 0.1, 0.2, 0.1, 0, 1);

    /** Values that soon expire, read again and again. */
    static final Workload FLEETING = new Workload(8, 3, 12, 80, 0.4, 0.2, 0.75, 0.6, 1);

    /** Many keys, most of which are deleted again, and left alone for some seconds. */
    static final Workload WANING = new Workload(8, 2, 60, 100, 0.4, 0.2, 0.6, 0, 4);

    static final List<Workload> ALL = List.of(MIXED, CROWDED, LOOSE, BLIND);
}
