package dev.gramme.rest;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What the framework refuses by itself, as problems. */
public final class ProblemMappers {

    @ServerExceptionMapper
    public Response notFound(NotFoundException failure, RoutingContext http) {
        String uri = http.request().uri();
        return ProblemReply.of(byStatus(404, "no operation has this path"), uri).toResponse();
    }

    @ServerExceptionMapper
    public Response refused(WebApplicationException failure, RoutingContext http) {
        int status = failure.getResponse().getStatus();
        if (status < 400 || status >= 500) {
            return unexpected(failure, http);
        }
        String uri = http.request().uri();
        Problem problem = byStatus(status, http.request().method() + ": " + failure.getMessage());
        if (status == 405) {
            problem = problem.withHeader(HttpHeaders.ALLOW, allowed(uri));
        }
        return ProblemReply.of(problem, uri).toResponse();
    }

    /** The framework knows that a method is not allowed, and does not say which are (RFC 9110, 15.5.6). */
    private static String allowed(String uri) {
        if (uri.startsWith(KeyPath.KV)) {
            return uri.indexOf('/', KeyPath.KV.length()) < 0 ? "POST, OPTIONS" : "GET, HEAD, PUT, DELETE, OPTIONS";
        }
        if (uri.startsWith("/v1/cluster/")) {
            String path = uri.indexOf('?') < 0 ? uri : uri.substring(0, uri.indexOf('?'));
            if (path.equals(RepairResource.PATH)) {
                return "GET, HEAD, POST, OPTIONS";
            }
            return RingChangeResource.PATHS.contains(path) ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
        }
        if (uri.startsWith("/v1/restore")) {
            return "POST, OPTIONS";
        }
        return uri.startsWith("/v1/buckets/") ? "GET, HEAD, PUT, OPTIONS" : "GET, HEAD, OPTIONS";
    }

    @ServerExceptionMapper
    public Response unexpected(Throwable failure, RoutingContext http) {
        return ProblemReply.of(failure, http.request().uri()).toResponse();
    }

    static Problem byStatus(int status, String detail) {
        return Problem.of(
                switch (status) {
                    case 404 -> ProblemKind.NO_SUCH_RESOURCE;
                    case 405 -> ProblemKind.METHOD_NOT_ALLOWED;
                    case 406 -> ProblemKind.NOT_ACCEPTABLE;
                    case 408 -> ProblemKind.BODY_TIMEOUT;
                    case 413 -> ProblemKind.VALUE_TOO_LARGE;
                    case 414 -> ProblemKind.KEY_TOO_LONG;
                    case 415 -> ProblemKind.UNSUPPORTED_TYPE;
                    default -> ProblemKind.BAD_REQUEST;
                },
                detail);
    }
}
