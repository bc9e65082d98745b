package dev.gramme.rest;

import dev.gramme.version.Bytes;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body within bounds of size and time.
 *
 * <p>A body that is too large is answered at once; what still comes of it is read and dropped up to {@link #MAX_DROPPED_BYTES}, so that the
 * client gets to read the answer (a connection closed on unread bytes is reset, and the answer with it); beyond, the connection is closed.
 */
final class RequestBody {
    static final long MAX_DROPPED_BYTES = 16L * 1024 * 1024;

    private final HttpServerRequest request;
    private final int maxBytes;
    private final long deadlineNanos;
    private final ProblemKind tooLarge;
    private final UniEmitter<? super Bytes> emitter;
    private @Nullable Buffer only;
    private byte @Nullable [] many;
    private int size;
    private boolean done;

    private RequestBody(
            HttpServerRequest request,
            int maxBytes,
            int maxMillis,
            ProblemKind tooLarge,
            UniEmitter<? super Bytes> emitter) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.deadlineNanos = System.nanoTime() + maxMillis * 1_000_000L;
        this.tooLarge = tooLarge;
        this.emitter = emitter;
    }

    /**
     * To be called on the request's event loop, once, before the first byte of the body was handled.
     *
     * @param tooLarge what a body of more than {@code maxBytes} is told
     */
    static Uni<Bytes> read(HttpServerRequest request, int maxBytes, int maxMillis, ProblemKind tooLarge) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        // The server has refused what is no number; one too long for a long is too long in any case.
        if (length != null && (length.length() > 18 || Long.parseLong(length.trim()) > maxBytes)) {
            drop(request);
            throw Problem.of(tooLarge, "the body has " + length + " bytes; at most " + maxBytes + " are allowed")
                    .thrown();
        }
        return Uni.createFrom()
                .emitter(emitter -> new RequestBody(request, maxBytes, maxMillis, tooLarge, emitter).start());
    }

    private void start() {
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        request.exceptionHandler(this::broken);
        request.endHandler(ended -> complete());
        request.handler(this::chunk);
        request.resume();
    }

    private void chunk(Buffer chunk) {
        if (done) {
            return;
        }
        if (size + (long) chunk.length() > maxBytes) {
            fail(
                    ProblemKind.VALUE_TOO_LARGE,
                    "the body has more than " + maxBytes + " bytes, the most that is allowed");
        } else if (System.nanoTime() - deadlineNanos > 0) {
            fail(ProblemKind.BODY_TIMEOUT, "after " + size + " bytes the time for the body was over");
        } else if (size == 0) {
            only = chunk;
            size = chunk.length();
        } else {
            append(chunk);
        }
    }

    private void append(Buffer chunk) {
        int needed = size + chunk.length();
        byte[] bytes = many == null ? new byte[Math.max(needed, Math.min(maxBytes, 2 * needed))] : many;
        if (many == null && only != null) {
            only.getBytes(bytes, 0);
        }
        if (bytes.length < needed) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(needed, 2L * bytes.length)));
        }
        chunk.getBytes(bytes, size);
        many = bytes;
        size = needed;
    }

    private void complete() {
        if (!done) {
            done = true;
            emitter.complete(Bytes.of(bytes()));
        }
    }

    private byte[] bytes() {
        if (many != null) {
            return many.length == size ? many : Arrays.copyOf(many, size);
        }
        return only == null ? new byte[0] : only.getBytes();
    }

    private void broken(Throwable cause) {
        if (!done) {
            done = true;
            String detail =
                    "the body ended before its length was reached, after " + size + " bytes: " + cause.getMessage();
            emitter.fail(Problem.of(ProblemKind.BAD_BODY, detail).thrown());
        }
    }

    private void fail(ProblemKind kind, String detail) {
        done = true;
        drop(request);
        emitter.fail(Problem.of(kind, detail).thrown());
    }

    /** Lets the rest of a body come and go, up to a bound. */
    static void drop(HttpServerRequest request) {
        long[] dropped = {0};
        request.handler(chunk -> {
            dropped[0] += chunk.length();
            if (dropped[0] > MAX_DROPPED_BYTES) {
                request.connection().close();
            }
        });
        request.exceptionHandler(ignored -> dropped[0] = 0);
        request.resume();
    }
}
