package dev.gramme.wire;

import dev.gramme.ring.Key;
import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's context as text: versioned, authenticated (HMAC-SHA256 under the cluster key, over key and context), base64url. It is bound to its
 * key because counters run over all keys of a node: the context of one key, taken for another, would hide writes nobody has seen.
 *
 * <p>Format 1, before base64url without padding: the format's version (1 byte), the payload's length (varint), the payload (context, time, fastest
 * node), CRC32C of all that (4 bytes), and the first 16 bytes of the HMAC over the version, the bucket's name, a zero byte (no bucket's name has
 * one), the key's length (4 bytes, so that no byte can pass from key to payload), the key and the payload. The checksum guards nothing; it
 * tells a token that was damaged on its way from one that is whole but not meant for this key.
 *
 * <p>Immutable and safe to share: each use clones a keyed {@link Mac} that nothing changes.
 */
public final class ContextToken {
    public static final int FORMAT = 1;
    /** Longer ones are refused unread: a context has an entry for each actor that ever wrote the key, some 12 bytes each. */
    public static final int MAX_CHARACTERS = 65_536;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 16;
    private static final int CHECKSUM_BYTES = 4;

    /** Keyed, and fed with the format's version. */
    private final Mac prototype;

    /** @param clusterKey the secret that all nodes of the cluster share; not empty */
    public ContextToken(Bytes clusterKey) {
        try {
            prototype = Mac.getInstance(ALGORITHM);
            prototype.init(new SecretKeySpec(clusterKey.array(), ALGORITHM));
            prototype.update((byte) FORMAT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    public String encode(Key key, ClientContext context) {
        ByteWriter payload = new ByteWriter(48 + 18 * context.seen().size());
        StateCodec.writeContext(payload, context.seen());
        payload.int64(context.time());
        MessageCodec.writeNodeOrNone(payload, context.fastest());

        ByteWriter token = new ByteWriter(payload.size() + 8 + CHECKSUM_BYTES + MAC_BYTES);
        token.u8(FORMAT).count(payload.size()).raw(payload.array(), 0, payload.size());
        token.int32(checksum(token.array(), token.size()));
        token.raw(mac(key, payload.array(), 0, payload.size()), 0, MAC_BYTES);
        byte[] exact = Arrays.copyOf(token.array(), token.size());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(exact);
    }

    /** @throws MalformedException if it is damaged, truncated, forged, of another key or of a newer format; says which as far as can be known */
    public ClientContext decode(Key key, String token) {
        byte[] bytes = fromText(token);
        ByteReader in = new ByteReader(bytes, 0, bytes.length);
        int format = in.u8("the context's format");
        if (format != FORMAT) {
            throw new MalformedException("the context is of format " + format + ", this node knows format " + FORMAT
                    + ": it is damaged, or was given by a newer node");
        }
        long length = in.varint("the context's length");
        int payloadStart = in.position();
        long missing = length + CHECKSUM_BYTES + MAC_BYTES - in.remaining();
        if (length < 0 || length > MAX_CHARACTERS || missing < 0) {
            throw new MalformedException("the context is damaged: its length does not fit");
        }
        if (missing > 0) {
            throw new MalformedException("the context is truncated (or damaged): " + missing + " bytes are missing");
        }
        int payloadEnd = payloadStart + (int) length;
        verify(key, bytes, payloadStart, payloadEnd);
        return readPayload(new ByteReader(bytes, payloadStart, payloadEnd - payloadStart));
    }

    private static byte[] fromText(String token) {
        if (token.isEmpty()) {
            throw new MalformedException("the context is empty: leave it out if there is none");
        }
        if (token.length() > MAX_CHARACTERS) {
            throw new MalformedException(
                    "the context is longer than " + MAX_CHARACTERS + " characters: it is none of ours");
        }
        try {
            return Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("the context is damaged or truncated: it is not base64url");
        }
    }

    private void verify(Key key, byte[] bytes, int payloadStart, int payloadEnd) {
        byte[] expected = Arrays.copyOf(mac(key, bytes, payloadStart, payloadEnd - payloadStart), MAC_BYTES);
        byte[] found = Arrays.copyOfRange(bytes, payloadEnd + CHECKSUM_BYTES, payloadEnd + CHECKSUM_BYTES + MAC_BYTES);
        boolean whole =
                new ByteReader(bytes, payloadEnd, CHECKSUM_BYTES).int32("checksum") == checksum(bytes, payloadEnd);
        // In constant time: how much of a guess was right must not show.
        boolean authentic = MessageDigest.isEqual(expected, found);
        if (!whole) {
            throw new MalformedException("the context is damaged: its checksum does not match");
        }
        if (!authentic) {
            throw new MalformedException(
                    "the context was not given for this key by this cluster: it is of another key or"
                            + " another cluster, or its signature is damaged or forged");
        }
    }

    private static ClientContext readPayload(ByteReader in) {
        CausalContext seen = StateCodec.readContext(in);
        long time = in.int64("time");
        NodeId fastest = MessageCodec.readNodeOrNone(in);
        in.end("the context");
        return new ClientContext(seen, time, fastest);
    }

    private byte[] mac(Key key, byte[] array, int offset, int length) {
        Mac mac = cloneOf(prototype);
        mac.update(key.bucket().getBytes(StandardCharsets.UTF_8));
        byte[] name = key.name().array();
        int size = name.length;
        mac.update(new byte[] {0, (byte) (size >>> 24), (byte) (size >>> 16), (byte) (size >>> 8), (byte) size});
        mac.update(name);
        mac.update(array, offset, length);
        return mac.doFinal();
    }

    private static Mac cloneOf(Mac mac) {
        try {
            return (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java platform's " + ALGORITHM + " can't be cloned", e);
        }
    }

    private static int checksum(byte[] array, int length) {
        CRC32C crc = new CRC32C();
        crc.update(array, 0, length);
        return (int) crc.getValue();
    }
}
