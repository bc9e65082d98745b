package dev.gramme.wire;

import dev.gramme.ring.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of one request.
 *
 * @param r replies a get waits for; 0 for the bucket's
 * @param w replicas a put waits for; 0 for the bucket's
 * @param strict only the key's owners count (no fallbacks)
 * @param timeoutMillis what is left of the client's deadline
 * @param ttlSeconds how long a value put is to live, see {@link TimeToLive}
 * @param preferred who answered the read fastest, from the client's context; null if unknown (DeCandia et al. 2007, 5)
 */
public record RequestOptions(
        int r,
        int w,
        boolean strict,
        int timeoutMillis,
        int ttlSeconds,
        @Nullable NodeId preferred) {
    public static final int DEFAULT_TIMEOUT_MILLIS = 5_000;
    public static final int MAX_TIMEOUT_MILLIS = 60_000;
    public static final RequestOptions DEFAULT = new RequestOptions(0, 0, false, DEFAULT_TIMEOUT_MILLIS, null);

    /** Of values that live as long as their bucket says. */
    public RequestOptions(int r, int w, boolean strict, int timeoutMillis, @Nullable NodeId preferred) {
        this(r, w, strict, timeoutMillis, TimeToLive.OF_BUCKET, preferred);
    }

    public RequestOptions withTimeoutMillis(int millis) {
        return new RequestOptions(r, w, strict, millis, ttlSeconds, preferred);
    }

    public RequestOptions withTtlSeconds(int seconds) {
        return new RequestOptions(r, w, strict, timeoutMillis, seconds, preferred);
    }
}
