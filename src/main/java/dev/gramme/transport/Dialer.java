package dev.gramme.transport;

import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * Connects to peers, so many at once: a thousand that come, or move, together do not take a thousand sockets at one moment, and who is gone before
 * its turn takes none. Event loop only.
 */
final class Dialer {
    /** Told how its call ended: one of both, once, unless it was taken back. */
    interface Caller {
        HostAndPort address();

        void connected(NetSocket socket);

        void unreachable(Throwable why);
    }

    private final NetClient client;
    private final int maxConnecting;
    private final SequencedSet<Caller> waiting = new LinkedHashSet<>();
    private int connecting;

    Dialer(NetClient client, int maxConnecting) {
        this.client = client;
        this.maxConnecting = maxConnecting;
    }

    void call(Caller caller) {
        waiting.addLast(caller);
        next();
    }

    /** Takes a call back that has not had its turn; else nothing happens, and the caller is still told. */
    void takeBack(Caller caller) {
        waiting.remove(caller);
    }

    private void next() {
        while (connecting < maxConnecting && !waiting.isEmpty()) {
            connecting++;
            Caller caller = waiting.removeFirst();
            client.connect(caller.address().port(), caller.address().host()).onComplete(call -> {
                connecting--;
                if (call.succeeded()) {
                    caller.connected(call.result());
                } else {
                    caller.unreachable(call.cause());
                }
                next();
            });
        }
    }
}
