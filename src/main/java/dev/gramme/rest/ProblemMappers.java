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
        Response response = failure.getResponse();
        int status = response.getStatus();
        if (status < 400 || status >= 500) {
            return unexpected(failure, http);
        }
        Problem problem = byStatus(status, String.valueOf(failure.getMessage()));
        String allow = response.getHeaderString(HttpHeaders.ALLOW);
        if (allow != null) {
            problem = problem.withHeader(HttpHeaders.ALLOW, allow);
        }
        return ProblemReply.of(problem, http.request().uri()).toResponse();
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
