package dev.gramme.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A peer's bridge that does by hand, and as slowly as the test likes, what it is told. */
final class FakeBridge implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ServerSocket server;
    private Socket socket = new Socket();
    private DataInputStream in = new DataInputStream(java.io.InputStream.nullInputStream());

    FakeBridge() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.1"));
        server.setSoTimeout(PATIENCE_MILLIS);
    }

    int port() {
        return server.getLocalPort();
    }

    void accept() throws IOException {
        socket = server.accept();
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Reads and answers so many pings; what comes between is dropped. */
    void answerPings(int count) throws IOException {
        for (int left = count; left > 0; ) {
            left -= readFrame().getString("type").equals("ping") ? 1 : 0;
        }
    }

    /** The next frame, of which a ping is answered. */
    JsonObject readFrame() throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        JsonObject frame = new JsonObject(Buffer.buffer(bytes));
        if (frame.getString("type").equals("ping")) {
            byte[] pong = "{\"type\":\"pong\"}".getBytes(StandardCharsets.US_ASCII);
            write(Buffer.buffer().appendInt(pong.length).appendBytes(pong));
        }
        return frame;
    }

    void write(Buffer frame) throws IOException {
        socket.getOutputStream().write(frame.getBytes());
    }

    @Override
    public void close() throws IOException {
        socket.close();
        server.close();
    }
}
