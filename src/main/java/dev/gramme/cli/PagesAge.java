package dev.gramme.cli;

import java.net.http.HttpHeaders;

/**
 * How old pages of a backup are, by what the cluster counts collections of deletes with ({@link dev.gramme.wire.Stamps}). Where a node says nothing of it they may be older than any.
 *
 * @param stamp what is on the pages is no older
 * @param epoch the highest that a node had collected up to when it gave one
 * @param dated how old they are if all members gave all that they had ({@link dev.gramme.wire.StampDates#ofBackup})
 */
record PagesAge(long stamp, long epoch, long dated) {
    /** Of no page. */
    static final PagesAge NONE = new PagesAge(Long.MAX_VALUE, 0, Long.MAX_VALUE);

    static PagesAge of(HttpHeaders answer) {
        return new PagesAge(said(answer, "Gramme-Stamp"), said(answer, "Gramme-Epoch"), said(answer, "Gramme-Dated"));
    }

    private static long said(HttpHeaders answer, String name) {
        return answer.firstValueAsLong(name).orElse(0);
    }

    PagesAge with(PagesAge other) {
        return new PagesAge(Math.min(stamp, other.stamp), Math.max(epoch, other.epoch), Math.min(dated, other.dated));
    }

    /** Whether deletes were forgotten by some that others still had: while the pages were read, or because one of their disks is an older one. */
    boolean isTorn() {
        return stamp < epoch;
    }

    /**
     * How old the backup is that they make.
     *
     * @param whole all members gave all that they had
     */
    long stamp(boolean whole) {
        return whole && !isTorn() ? Math.max(stamp, dated) : stamp;
    }
}
