package dev.gramme.runtime;

import dev.gramme.transport.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Looks up what the configured seeds stand for, again and again: a name may stand for many nodes, and for others after a while. On a thread of its own,
 * because a look-up may take seconds. A name that can't be looked up is told and keeps the addresses it had.
 */
final class Seeds implements AutoCloseable {
    static final long RESOLVE_EVERY_MILLIS = 3_000;

    private static final Logger LOG = Logger.getLogger("gramme");
    /** The JDK remembers look-ups for longer than nodes stay where they are. In seconds. */
    private static final String REMEMBERED = "2";

    private final List<HostAndPort> configured;
    private final Consumer<List<String>> changed;
    private final Map<HostAndPort, List<String>> known = new TreeMap<>();
    private final ScheduledExecutorService thread;
    private List<String> told = List.of();
    private volatile List<String> problems = List.of();

    /** @param changed told on this object's thread of all addresses (host:port, in order), whenever they are others than before */
    Seeds(List<HostAndPort> configured, Consumer<List<String>> changed) {
        this.configured = List.copyOf(configured);
        this.changed = changed;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "gramme-seeds");
            made.setDaemon(true);
            return made;
        });
    }

    void start() {
        if (!configured.isEmpty()) {
            Security.setProperty("networkaddress.cache.ttl", REMEMBERED);
            Security.setProperty("networkaddress.cache.negative.ttl", REMEMBERED);
            thread.scheduleWithFixedDelay(this::resolve, 0, RESOLVE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Names that could not be looked up the last time, one line each. */
    List<String> problems() {
        return problems;
    }

    private void resolve() {
        List<String> unknown = new ArrayList<>();
        for (HostAndPort seed : configured) {
            try {
                known.put(seed, lookUp(seed));
            } catch (UnknownHostException e) {
                LOG.debugf(e, "looking up %s", seed.host());
                unknown.add("the seed " + seed
                        + " can't be found: no such name, or no name service. It is looked for again every "
                        + RESOLVE_EVERY_MILLIS / 1_000 + " s");
            }
        }
        if (!unknown.equals(problems)) {
            problems = List.copyOf(unknown);
            unknown.forEach(LOG::warn);
        }
        TreeSet<String> all = new TreeSet<>();
        known.values().forEach(all::addAll);
        List<String> addresses = List.copyOf(all);
        if (!addresses.equals(told)) {
            told = addresses;
            changed.accept(addresses);
        }
    }

    private static List<String> lookUp(HostAndPort seed) throws UnknownHostException {
        List<String> addresses = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(seed.host())) {
            addresses.add(new HostAndPort(address.getHostAddress(), seed.port()).toString());
        }
        return addresses;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
