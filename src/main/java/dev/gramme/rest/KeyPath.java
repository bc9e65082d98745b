package dev.gramme.rest;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bucket and key as the request line says them, before any framework has decoded or normalised the path.
 *
 * @param area {@link #KV} or {@link #EXPLAIN}
 * @param name the key's bytes; null in a path that ends with the bucket
 * @param plain whether the path reaches its resource as it is: nothing in it that normalising would change
 */
record KeyPath(String area, String bucket, @Nullable Bytes name, boolean plain) {
    static final String KV = "/v1/kv/";
    static final String EXPLAIN = "/v1/explain/";
    static final int MAX_BUCKET_CHARACTERS = 64;

    /**
     * @param uri of the request line: origin form, or absolute form
     * @return null if the path is in none of the two areas
     * @throws ProblemException if bucket or key break a rule
     */
    static @Nullable KeyPath parse(String uri, int maxKeyBytes) {
        int start = pathStart(uri);
        String area = uri.startsWith(KV, start) ? KV : uri.startsWith(EXPLAIN, start) ? EXPLAIN : null;
        if (area == null) {
            return null;
        }
        int from = start + area.length();
        int end = pathEnd(uri, from);
        int slash = uri.indexOf('/', from);
        if (slash < 0 || slash >= end) {
            return new KeyPath(area, bucket(uri.substring(from, end)), null, true);
        }
        String bucket = bucket(uri.substring(from, slash));
        return key(area, bucket, uri, slash + 1, end, maxKeyBytes);
    }

    /** Checks a bucket's name. */
    static String bucket(String name) {
        boolean allowed = !name.isEmpty() && name.length() <= MAX_BUCKET_CHARACTERS;
        for (int i = 0; allowed && i < name.length(); i++) {
            allowed = isUnreserved(name.charAt(i)) && name.charAt(i) != '~';
        }
        // "." and ".." are steps in a path, whatever is served there.
        if (!allowed || name.equals(".") || name.equals("..")) {
            throw Problem.of(ProblemKind.BAD_BUCKET, "'" + shown(name) + "' is no bucket's name")
                    .thrown();
        }
        return name;
    }

    /** The key, where the operation needs one. */
    Key key() {
        if (name == null) {
            throw Problem.of(ProblemKind.BAD_KEY, "the path ends before the key")
                    .thrown();
        }
        return new Key(bucket, name);
    }

    private static KeyPath key(String area, String bucket, String uri, int from, int end, int maxKeyBytes) {
        if (from == end) {
            throw Problem.of(ProblemKind.BAD_KEY, "the key is empty").thrown();
        }
        byte[] bytes = new byte[end - from];
        int size = 0;
        boolean plain = true;
        for (int i = from; i < end; size++) {
            char c = uri.charAt(i);
            if (c == '%') {
                bytes[size] = (byte) escaped(uri, i, end);
                // A dot or a slash that a router could take for structure.
                plain &= bytes[size] != '.' && bytes[size] != '/' && bytes[size] != ';' && bytes[size] > ' ';
                i += 3;
            } else {
                bytes[size] = literal(c);
                plain &= isUnreserved(c) || "!$&'()*+,=:@".indexOf(c) >= 0;
                i++;
            }
        }
        if (size > maxKeyBytes) {
            throw Problem.of(ProblemKind.KEY_TOO_LONG, "the key has " + size + " bytes, more than " + maxKeyBytes)
                    .thrown();
        }
        return new KeyPath(area, bucket, Bytes.of(Arrays.copyOf(bytes, size)), plain && !isStep(bytes, size));
    }

    private static boolean isStep(byte[] bytes, int size) {
        return bytes[0] == '.' && (size == 1 || size == 2 && bytes[1] == '.');
    }

    private static byte literal(char c) {
        if (c == '/') {
            throw Problem.of(ProblemKind.BAD_KEY, "the key holds a slash that is not encoded")
                    .thrown();
        }
        if (c > 0xFF) {
            throw Problem.of(ProblemKind.BAD_KEY, "the key holds a character that is not encoded")
                    .thrown();
        }
        // The server reads the request line as ISO-8859-1, so an unencoded byte is one character here.
        return (byte) c;
    }

    private static int escaped(String uri, int at, int end) {
        int high = at + 2 < end ? Character.digit(uri.charAt(at + 1), 16) : -1;
        int low = at + 2 < end ? Character.digit(uri.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw Problem.of(ProblemKind.BAD_KEY, "a percent sign without two hexadecimal digits after it")
                    .thrown();
        }
        return high << 4 | low;
    }

    /** Refuses a path outside of the two areas that no router could decode. */
    static void checkEscapes(String uri) {
        int start = pathStart(uri);
        int end = pathEnd(uri, start);
        for (int i = uri.indexOf('%', start); i >= 0 && i < end; i = uri.indexOf('%', i + 1)) {
            if (Character.digit(i + 1 < end ? uri.charAt(i + 1) : '%', 16) < 0
                    || Character.digit(i + 2 < end ? uri.charAt(i + 2) : '%', 16) < 0) {
                throw Problem.of(
                                ProblemKind.BAD_REQUEST,
                                "the path holds a percent sign without two hexadecimal digits after it")
                        .thrown();
            }
        }
    }

    /** Of an absolute form (RFC 9112, 3.2.2) the path starts after the authority. */
    private static int pathStart(String uri) {
        if (uri.startsWith("/")) {
            return 0;
        }
        int authority = uri.indexOf("://");
        int path = authority < 0 ? -1 : uri.indexOf('/', authority + 3);
        return path < 0 ? uri.length() : path;
    }

    private static int pathEnd(String uri, int from) {
        int query = uri.indexOf('?', from);
        int fragment = uri.indexOf('#', from);
        int end = query < 0 ? uri.length() : query;
        return fragment < 0 ? end : Math.min(end, fragment);
    }

    private static boolean isUnreserved(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '.'
                || c == '-'
                || c == '_'
                || c == '~';
    }

    private static String shown(String name) {
        String cut = name.length() <= 80 ? name : name.substring(0, 80) + "…";
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
