package dev.gramme.sim;

/** What can go wrong in a simulated cluster. */
enum Fault {
    /** Some messages are lost. */
    DROP,
    /** Some messages come twice. */
    DUPLICATE,
    /** Some messages are late, a few by seconds. */
    DELAY,
    /** Messages overtake each other. */
    REORDER,
    /** Some messages that arrived come once more, many seconds later. By name alone. */
    LATE_COPIES,
    /** Every message takes as long as it does around the world, until the end. By name alone. */
    FAR_APART,
    /** The network falls in two. */
    HALVES,
    /** One node hears and reaches nobody. */
    ISOLATE_ONE,
    /** The same node is cut off again and again, each time long enough for everybody to notice. */
    FLAPPING,
    /** One side's messages do not reach the other; the other's do. */
    ONE_WAY,
    /** A process dies and loses what was not forced; later it is started again. */
    CRASH,
    /** A disk stalls while peers acknowledge; then its process dies: what the others hold, it has forgotten. */
    STALL_AND_CRASH,
    /** All disks stall, and all processes die at once. */
    CRASH_ALL,
    /** A process stops in order and is started again. */
    CLEAN_RESTART,
    /** A process dies, and its disk is replaced by an empty one. Once in a run. */
    LOSE_DISK,
    /**
     * A process dies, and its disk is replaced by an empty one; again and again, but only when all are up, nobody has to make good for a loss, and no hint is out. By name
     * alone: what two disks lost together nobody promises.
     */
    WIPE_DISKS,
    /** A process dies, and its hint book is gone. Not together with other lost disks. */
    LOSE_HINTS,
    /** A process dies, and its disk shows again what it showed a while ago. Not together with other lost disks. */
    ROLL_BACK_DISK,
    /**
     * A process is stopped in order, its directory copied, and it runs on; later it dies, and the copy takes the place of its disk, which says that it is one. Not together with other lost
     * disks. By name alone.
     */
    PUT_BACK_IMAGE,
    /** Bits flip in stored records of a node, below their checksums. Not together with other lost disks. */
    FLIP_BELOW_CHECKSUM,
    /** Bits flip in a node's memory, above the checksum: it keeps other values than were written, under the same dots. */
    FLIP_ABOVE_CHECKSUM,
    /** A backup of a node or of the cluster is made, and restored a while later into the same cluster. */
    RESTORE_BACKUP,
    /** A process is down for most of the run. */
    LONG_ABSENCE,
    /** A disk is full for a while. */
    DISK_FULL,
    /** A force fails: the node stops. */
    FORCE_FAILS,
    /** A disk takes its time. */
    SLOW_DISK,
    /** Wall clocks are apart and run at different rates. */
    CLOCK_SKEW,
    /** A wall clock jumps, forwards or back. */
    CLOCK_JUMP,
    /** A process stands still, then goes on as if no time had passed. */
    PAUSE,
    /** A process stops in order and is started again at another address. */
    NEW_ADDRESS,
    /** A new node comes into the ring. */
    JOIN,
    /** A member leaves the ring. */
    LEAVE,
    /** A member gets another weight. */
    WEIGHT,
    /** A member is gone with its disk, and a new node takes its places. Not together with other lost disks. */
    REPLACE,
    /** A member is gone with its disk, and is removed from the ring by force. Not together with other lost disks. */
    REMOVE,
    /** A change of the ring is cancelled while it is under way. */
    CANCEL,
    /** Another change is committed while one is under way. */
    SECOND_COMMIT,
    /** The network falls in two, and another change is committed on each side. */
    COMMIT_ON_BOTH_SIDES;

    /** Whether it changes the ring. */
    boolean isOfRing() {
        return compareTo(JOIN) >= 0;
    }
}
