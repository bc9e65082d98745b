package dev.gramme.node;

import dev.gramme.wire.BackupPage;
import dev.gramme.wire.ReplicaStatus;
import java.util.List;

/**
 * What a node gives a backup.
 *
 * @param status OK; NOT_OWNER if the node does not own the partition by the settled ring; STORAGE_BROKEN if it can't read its store; LACKING if it may have lost some of it. The page is empty then
 * @param stamp what is on the page is no older ({@link dev.gramme.wire.Stamps})
 * @param epoch up to which this node has collected
 * @param dated how old a backup of now is that all members give ({@link dev.gramme.wire.StampDates#ofBackup}); 0 while the ring changes, or somebody is known who is no member: they may hold
 *     what no member does
 */
public record BackupAnswer(ReplicaStatus status, BackupPage page, long stamp, long epoch, long dated) {
    static BackupAnswer refused(ReplicaStatus status) {
        return new BackupAnswer(status, new BackupPage(false, List.of(), false), 0, 0, 0);
    }
}
