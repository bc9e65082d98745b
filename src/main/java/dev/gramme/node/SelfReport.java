package dev.gramme.node;

import dev.gramme.membership.Swim;
import dev.gramme.version.Now;
import dev.gramme.wire.MemberRecord;
import dev.gramme.wire.MemberRecord.Standing;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.RingProgress;
import java.util.Objects;

/** What this node says of itself, and when: at once what others must act on, and now and then what is only good to know. */
final class SelfReport {
    /** Between two records that differ only in how much is stored or was received. */
    private static final long PACE_NANOS = 1_000_000_000L;

    /** Less than this, and less than a sixteenth, is not worth a record. */
    private static final long WORTH_TELLING_BYTES = 64 * 1024;

    private final ControlSettings settings;
    private boolean ready = true;
    private boolean writable = true;
    private long storedBytes;
    private long reportedNanos;

    SelfReport(ControlSettings settings) {
        this.settings = settings;
    }

    MemberRecord first(Now now) {
        return new MemberRecord(
                settings.self(),
                settings.instance(),
                Math.max(1, now.wallMillis()),
                Standing.IDLE,
                settings.bridge(),
                settings.http(),
                settings.zone(),
                settings.weight(),
                writable,
                MessageCodec.FORMAT,
                settings.program(),
                0,
                RingProgress.NONE);
    }

    void changed(Event.SelfChanged event) {
        ready = event.ready();
        writable = event.writable();
    }

    void stored(Event.Stored event) {
        storedBytes = event.bytes();
    }

    boolean isWritable() {
        return writable;
    }

    long storedBytes() {
        return storedBytes;
    }

    /** @param serves whether it is in the ring */
    void tell(Swim swim, RingProgress progress, boolean serves, Now now) {
        MemberRecord mine = swim.mine();
        Standing standing = !ready ? Standing.LEAVING_FOR_RESTART : serves ? Standing.SERVING : Standing.IDLE;
        boolean urgent =
                standing != mine.standing() || writable != mine.writable() || isAnotherStep(progress, mine.ring());
        boolean due = now.nanos() - reportedNanos >= PACE_NANOS;
        if (urgent || (due && (!progress.equals(mine.ring()) || isWorthTelling(mine.storedBytes())))) {
            reportedNanos = now.nanos();
            swim.become(
                    new MemberRecord(
                            mine.id(),
                            mine.instance(),
                            mine.incarnation(),
                            standing,
                            mine.bridge(),
                            mine.http(),
                            mine.zone(),
                            mine.weight(),
                            writable,
                            mine.wireFormat(),
                            mine.program(),
                            storedBytes,
                            progress),
                    urgent);
        }
    }

    private static boolean isAnotherStep(RingProgress now, RingProgress told) {
        return now.settled() != told.settled()
                || now.phase() != told.phase()
                || !Objects.equals(now.proposal(), told.proposal());
    }

    private boolean isWorthTelling(long told) {
        long difference = Math.abs(storedBytes - told);
        return difference > Math.max(WORTH_TELLING_BYTES, told / 16) || (told == 0) != (storedBytes == 0);
    }
}
