package dev.gramme.rest;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import dev.gramme.version.Content;
import dev.gramme.version.HybridLogicalClock;
import dev.gramme.version.Version;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All siblings of a key in one answer (300): JSON, or multipart/mixed for clients that want the bytes as they are. */
final class SiblingsBody {
    private static final String MULTIPART = "multipart/mixed";

    private SiblingsBody() {}

    static Reply write(Key key, List<Version> siblings, String context, @Nullable String accept) {
        Reply reply = Reply.of(300, Reply.Ending.SIBLINGS)
                .header("Vary", "Accept")
                .header(KvReplies.SIBLINGS, Integer.toString(siblings.size()));
        if (wantsMultipart(accept)) {
            String boundary = boundary(siblings);
            return reply.body(MULTIPART + "; boundary=" + boundary, multipart(siblings, boundary));
        }
        JsonObject json = named(key).put("context", context).put("siblings", array(siblings));
        return reply.body("application/json", json.toBuffer().getBytes());
    }

    /** Bucket and key; the key as text where it is text, and as base64 always. */
    static JsonObject named(Key key) {
        JsonObject json = new JsonObject().put("bucket", key.bucket());
        String text = textOf(key.name());
        if (text != null) {
            json.put("key", text);
        }
        return json.put("keyBase64", base64(key.name()));
    }

    static JsonArray array(List<Version> siblings) {
        JsonArray array = new JsonArray();
        siblings.forEach(sibling -> array.add(json(sibling)));
        return array;
    }

    private static JsonObject json(Version version) {
        Content content = version.content();
        JsonObject metadata = new JsonObject();
        content.metadata().forEach(metadata::put);
        JsonObject json = new JsonObject()
                .put("dot", version.dot().toString())
                .put("time", instant(version).toString())
                .put("deleted", content.tombstone())
                .put("contentType", content.contentType())
                .put("metadata", metadata)
                .put("value", base64(content.value()));
        if (content.expiresMillis() != 0) {
            json.put("expires", ContentHeaders.instant(content.expiresMillis()));
        }
        String text = content.tombstone() ? null : textOf(content.value());
        return text == null ? json : json.put("text", text);
    }

    static Instant instant(Version version) {
        return Instant.ofEpochMilli(HybridLogicalClock.millis(version.time()));
    }

    /** Whether the client names multipart/mixed with no less weight than JSON. Wildcards mean JSON. */
    static boolean wantsMultipart(@Nullable String accept) {
        double multipart = accept == null ? 0 : weight(accept, MULTIPART);
        return multipart > 0 && accept != null && multipart >= weight(accept, "application/json");
    }

    private static double weight(String accept, String type) {
        for (String range : accept.split(",")) {
            String[] parts = range.split(";");
            if (parts[0].strip().equalsIgnoreCase(type)) {
                for (int i = 1; i < parts.length; i++) {
                    String parameter = parts[i].strip();
                    if (parameter.startsWith("q=")) {
                        return quality(parameter.substring(2));
                    }
                }
                return 1;
            }
        }
        return 0;
    }

    private static double quality(String text) {
        return text.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(text) : 0;
    }

    private static byte[] multipart(List<Version> siblings, String boundary) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Version sibling : siblings) {
            Content content = sibling.content();
            StringBuilder head = new StringBuilder("--").append(boundary).append("\r\n");
            head.append("ETag: ").append(EntityTag.of(sibling.dot())).append("\r\n");
            head.append("Last-Modified: ")
                    .append(KvReplies.httpDate(sibling.time()))
                    .append("\r\n");
            if (content.tombstone()) {
                head.append("Gramme-Deleted: true\r\n");
            } else {
                head.append("Content-Type: ").append(content.contentType()).append("\r\n");
            }
            if (content.expiresMillis() != 0) {
                head.append(ContentHeaders.EXPIRES)
                        .append(": ")
                        .append(ContentHeaders.instant(content.expiresMillis()))
                        .append("\r\n");
            }
            head.append("Content-Length: ").append(content.value().size()).append("\r\n");
            content.metadata()
                    .forEach((name, value) -> head.append(ContentHeaders.META)
                            .append(name)
                            .append(": ")
                            .append(value)
                            .append("\r\n"));
            out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(content.value().array());
            out.writeBytes(new byte[] {'\r', '\n'});
        }
        out.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    /** A line that no value holds: the siblings' own tag, lengthened for as long as a value has it inside. */
    private static String boundary(List<Version> siblings) {
        StringBuilder boundary =
                new StringBuilder("gramme").append(EntityTag.of(siblings).replace("\"", "-"));
        while (siblings.stream().anyMatch(v -> latin(v.content().value()).contains("--" + boundary))) {
            boundary.append('x');
        }
        return boundary.toString();
    }

    private static String latin(Bytes bytes) {
        return new String(bytes.array(), StandardCharsets.ISO_8859_1);
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** The bytes as text if they are UTF-8, else null. */
    private static @Nullable String textOf(Bytes bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.array()))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }
}
