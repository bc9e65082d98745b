package dev.gramme.cli;

import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Parameters;

/** Which key a command is about. */
final class KeyArguments {
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~";

    @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
    String bucket = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key: any text; it is percent-encoded for you.")
    String key = "";

    /** {@code /v1/PLACE/bucket/key}, percent-encoded. */
    String path(String place) {
        return "/v1/" + place + "/" + encode(bucket) + "/" + encode(key);
    }

    /** One path segment of any text. A dot is encoded too: a segment of dots alone would be taken for a step up. */
    static String encode(String segment) {
        return encode(segment.getBytes(StandardCharsets.UTF_8));
    }

    static String encode(byte[] segment) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : segment) {
            if (b > 0 && PLAIN.indexOf(b) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return encoded.toString();
    }
}
