package dev.gramme.wire;

/** A node's one controller of background work, as those who do some see it. */
public interface Admissions {
    /** For a user of its own: one for each loop, or thread, that does such work. May be asked from the thread that uses it. */
    Admission of(BackgroundWork work);
}
