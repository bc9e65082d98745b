package dev.gramme.storage;

import java.util.ArrayList;
import java.util.List;

/** What was found damaged, told to the log of the program and kept for the status. */
final class Damage {
    private static final System.Logger LOG = System.getLogger(Damage.class.getName());
    /** A disk that falls apart must not fill the memory with sentences. */
    private static final int MAX_KEPT = 100;

    private final List<String> found = new ArrayList<>();
    private final Runnable statusChanged;

    Damage(Runnable statusChanged) {
        this.statusChanged = statusChanged;
    }

    void tell(String sentence) {
        tell(sentence, "This node goes on as a new actor, and fills again from its replicas.");
    }

    /** What was found costs nothing: this process knows what the file said. */
    void tellMended(String sentence) {
        tell(sentence, "Nothing is lost: it is written anew from memory, and what was there is kept in quarantine.");
    }

    private void tell(String sentence, String consequence) {
        LOG.log(System.Logger.Level.ERROR, "Damage found: {0}. {1}", sentence, consequence);
        synchronized (this) {
            if (found.size() < MAX_KEPT) {
                found.add(sentence);
            }
        }
        statusChanged.run();
    }

    synchronized List<String> found() {
        return List.copyOf(found);
    }
}
