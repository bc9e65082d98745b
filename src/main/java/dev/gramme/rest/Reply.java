package dev.gramme.rest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer: status, headers, and perhaps a body. Not thread-safe; built in one go, written once. */
final class Reply {
    /** How a request ended, for the counters. */
    enum Ending {
        OK,
        NOT_FOUND,
        SIBLINGS,
        REJECTED,
        FAILED,
        INDETERMINATE
    }

    private final int status;
    private final Ending ending;
    private final List<String> headers = new ArrayList<>(16);
    private byte @Nullable [] body;

    private Reply(int status, Ending ending) {
        this.status = status;
        this.ending = ending;
    }

    static Reply of(int status, Ending ending) {
        return new Reply(status, ending);
    }

    static Reply json(int status, JsonObject json) {
        return of(status, Ending.OK).body("application/json", json.toBuffer().getBytes());
    }

    Reply header(String name, String value) {
        headers.add(name);
        headers.add(value);
        return this;
    }

    /** @param bytes not copied */
    Reply body(String contentType, byte[] bytes) {
        this.body = bytes;
        return header(HttpHeaders.CONTENT_TYPE, contentType);
    }

    Ending ending() {
        return ending;
    }

    int status() {
        return status;
    }

    void writeTo(HttpServerResponse response) {
        response.setStatusCode(status);
        for (int i = 0; i < headers.size(); i += 2) {
            response.headers().add(headers.get(i), headers.get(i + 1));
        }
        if (body == null) {
            response.end();
        } else {
            response.end(Buffer.buffer(body));
        }
    }

    /** For HEAD: the same without its body, though with the body's length. */
    Reply withoutBody() {
        if (body != null) {
            header(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
            body = null;
        }
        return this;
    }

    /** In the framework's terms, where it insists on them. */
    Response toResponse() {
        Response.ResponseBuilder builder = Response.status(status);
        for (int i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        return builder.entity(body).build();
    }
}
