package dev.gramme.storage;

import java.util.concurrent.locks.LockSupport;

/** Waits for a thread that was told to end. */
final class EndOfThread {
    private EndOfThread() {}

    /** Wakes it, never interrupts it: an interrupt closes the file channel that a thread is in. An interrupt of the caller is kept for later. */
    static void await(Thread thread) {
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
