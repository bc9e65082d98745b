package dev.gramme.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The baseline of the benchmark: bytes from memory, by the same way through the framework as a get and with the same headers, so that the
 * difference to a get is what the store costs.
 */
@Path("/v1/echo")
@Produces(MediaType.WILDCARD)
public class EchoResource {
    static final int MAX_BYTES = 1024 * 1024;
    private static final int DEFAULT_BYTES = 1024;

    private final Requests requests;

    /** The last size asked for: a run of the benchmark asks for one size only. */
    private volatile byte[] kept = filled(DEFAULT_BYTES);

    public EchoResource(Requests requests) {
        this.requests = requests;
    }

    @GET
    public Uni<Reply> echo(@Context RoutingContext http) {
        return requests.run(
                Operation.ECHO,
                http,
                () -> Uni.createFrom().item(size(http.request().query())).map(this::reply));
    }

    private static int size(@Nullable String query) {
        if (query == null) {
            return DEFAULT_BYTES;
        }
        if (!query.startsWith("bytes=")) {
            throw Problem.of(ProblemKind.BAD_PARAMETER, "the one parameter is bytes")
                    .thrown();
        }
        return RequestParameters.number("bytes", query.substring("bytes=".length()), 0, MAX_BYTES);
    }

    private Reply reply(int bytes) {
        byte[] body = kept;
        if (body.length != bytes) {
            body = filled(bytes);
            kept = body;
        }
        return Reply.of(200, Reply.Ending.OK)
                .body(ContentHeaders.DEFAULT_TYPE, body)
                .header(ContextHeader.NAME, "AREAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
                .header(KvReplies.ETAG, "\"0000000000000000-1\"")
                .header("Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT")
                .header("Cache-Control", "no-cache")
                .header("X-Content-Type-Options", "nosniff");
    }

    private static byte[] filled(int bytes) {
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) 'e');
        return body;
    }
}
