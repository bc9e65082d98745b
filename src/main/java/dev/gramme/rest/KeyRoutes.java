package dev.gramme.rest;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Reads bucket and key from the request line before any router has normalised it, and keeps them for the resource. A path that normalising would
 * change is sent on under a name that it would not; the resource takes the key from here in any case.
 */
@ApplicationScoped
public class KeyRoutes {
    /** Before Quarkus's own routes, which use the normalised path. */
    private static final int PRIORITY = 10_000;

    private static final String KEPT = "gramme.key-path";
    private static final String STAND_IN = "-";

    private final RestLimits limits;

    public KeyRoutes(RestLimits limits) {
        this.limits = limits;
    }

    void filter(@Observes Filters filters) {
        filters.register(this::keepKey, PRIORITY);
    }

    /** What fails outside of the resources (a path that no router can decode, say) is a problem too. */
    void failures(@Observes Router router) {
        router.route().order(Integer.MAX_VALUE - 1).failureHandler(KeyRoutes::fail);
    }

    /** The path that {@link KeyPath} read from this request's line. */
    static KeyPath of(RoutingContext http) {
        KeyPath path = http.get(KEPT);
        if (path == null) {
            // The path led here only after decoding, as /v1/%6Bv/… does: not a spelling we take keys from.
            throw Problem.of(ProblemKind.NO_SUCH_RESOURCE, "write /v1/kv/ and /v1/explain/ without escapes")
                    .thrown();
        }
        return path;
    }

    private void keepKey(RoutingContext http) {
        if (http.get(KEPT) != null) {
            http.next();
            return;
        }
        String uri = http.request().uri();
        KeyPath path;
        try {
            path = KeyPath.parse(uri, limits.keyBytes());
            if (path == null) {
                KeyPath.checkEscapes(uri);
            }
        } catch (ProblemException e) {
            RequestBody.drop(http.request());
            ProblemReply.of(e, uri).writeTo(http.response());
            return;
        }
        if (path == null) {
            http.next();
            return;
        }
        http.put(KEPT, path);
        if (path.plain()) {
            http.next();
        } else {
            String query = http.request().query();
            http.reroute(path.area() + path.bucket() + '/' + STAND_IN + (query == null ? "" : '?' + query));
        }
    }

    private static void fail(RoutingContext http) {
        if (http.response().headWritten()) {
            http.next();
            return;
        }
        String uri = http.request().uri();
        int status = http.statusCode();
        Reply reply = status >= 400 && status < 500
                ? ProblemReply.of(ProblemMappers.byStatus(status, "refused before it reached an operation"), uri)
                : ProblemReply.of(
                        http.failure() == null ? new IllegalStateException("status " + status) : http.failure(), uri);
        reply.writeTo(http.response());
    }
}
