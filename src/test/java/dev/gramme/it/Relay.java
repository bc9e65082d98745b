package dev.gramme.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The way into a network namespace: files are the same in all of them, so a socket in the file system joins this machine's loopback (the {@linkplain
 * #outside test's} end) with the loopback in there (the end of a {@linkplain #main process} inside). No address outside of the namespace is needed.
 */
final class Relay implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;

    private final ServerSocketChannel listening;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** From a port of loopback to a socket in the file system. */
    static Relay outside(Path socket) throws IOException {
        ServerSocketChannel listening =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new Relay(listening, UnixDomainSocketAddress.of(socket));
    }

    private Relay(ServerSocketChannel listening, java.net.SocketAddress to) {
        this.listening = listening;
        threads.execute(() -> accept(to));
    }

    int port() throws IOException {
        return ((InetSocketAddress) listening.getLocalAddress()).getPort();
    }

    /** From a socket in the file system to a port of loopback, until its input ends: {@code socket port}. */
    public static void main(String[] arguments) throws IOException {
        UnixDomainSocketAddress socket = UnixDomainSocketAddress.of(arguments[0]);
        ServerSocketChannel listening =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(socket);
        InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
        try (Relay inside = new Relay(listening, to)) {
            System.out.println("listening");
            while (System.in.read() >= 0) {
                // Whoever started this holds its input open for as long as it is needed.
            }
        }
    }

    private void accept(java.net.SocketAddress to) {
        while (listening.isOpen()) {
            try {
                SocketChannel from = listening.accept();
                threads.execute(() -> join(from, to));
            } catch (IOException e) {
                // Closed: the loop's condition says so.
                continue;
            }
        }
    }

    private void join(SocketChannel from, java.net.SocketAddress address) {
        try (from;
                SocketChannel to = SocketChannel.open(address)) {
            threads.execute(() -> copy(to, from));
            copy(from, to);
        } catch (IOException e) {
            // Nobody listens there: whoever asked finds its connection closed.
            return;
        }
    }

    /** Until one end closes; then both are. */
    private static void copy(SocketChannel from, SocketChannel to) {
        try (from;
                to) {
            InputStream in = Channels.newInputStream(from);
            OutputStream out = Channels.newOutputStream(to);
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                out.write(chunk, 0, read);
            }
        } catch (IOException e) {
            // An end was closed under the copying, which is how it ends.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
