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
    PAUSE
}
