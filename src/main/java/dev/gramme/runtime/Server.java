package dev.gramme.runtime;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** {@code gramme server} inside Quarkus: starts the node once the probes can be asked, and waits. */
public final class Server implements QuarkusApplication {
    /** Exit status of a node that refused to start or had to stop: the reason was said on standard error. */
    public static final int REFUSED = 3;

    private static final Logger LOG = Logger.getLogger("gramme");

    private final GrammeNode node;

    @Inject
    public Server(GrammeNode node) {
        this.node = node;
    }

    @Override
    public int run(String... args) {
        try {
            node.start();
        } catch (StartRefusedException e) {
            LOG.debug("start refused", e);
            System.err.println("gramme: " + e.getMessage());
            return REFUSED;
        }
        Quarkus.waitForExit();
        return node.stopReason().isEmpty() ? 0 : REFUSED;
    }
}
