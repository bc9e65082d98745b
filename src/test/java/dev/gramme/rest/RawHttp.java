package dev.gramme.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection that sends exactly what it is told: no client library would send these requests unchanged. */
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    public RawHttp(URL server) throws IOException {
        URI uri = URI.create(server.toString());
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = socket.getInputStream();
    }

    public record Answer(int status, String head, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public boolean isProblem(String type) {
            return head.toLowerCase(Locale.ROOT).contains("content-type: application/problem+json")
                    && text().contains("\"urn:gramme:problem:" + type + '"');
        }
    }

    public static Answer ask(URL server, String method, String target, String... headers) throws IOException {
        try (RawHttp http = new RawHttp(server)) {
            return http.send(method, target, "", headers);
        }
    }

    public Answer send(String method, String target, String body, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\nHost: gramme\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        write(request + "\r\n" + body);
        return read();
    }

    public void write(String latin) throws IOException {
        socket.getOutputStream().write(latin.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    public void stopSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether the server has closed the connection, waiting for it. */
    public boolean isClosedByServer() throws IOException {
        return in.read() < 0;
    }

    public Answer read() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed after: " + head);
            }
            head.write(b);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(text.substring(9, 12));
        int length = 0;
        for (String line : text.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        return new Answer(status, text, in.readNBytes(length));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
