package dev.gramme.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of UTF-8 text, counted, so that what is wrong can be told by its line: a decoder that reads ahead can't say. */
final class Lines implements Closeable {
    /** Far above the largest value; bounds the memory that a file without line ends takes. */
    private static final int MAX_BYTES = 16 << 20;

    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final InputStream in;
    private long number;

    Lines(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** Of the line last read, from 1. */
    long number() {
        return number;
    }

    /**
     * The next line without its end; null after the last.
     *
     * @throws IOException naming the line that is too long or not UTF-8
     */
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        number++;
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (bytes.size() == MAX_BYTES) {
                throw new IOException("line " + number + " is longer than " + (MAX_BYTES >> 20) + " MiB");
            }
            bytes.write(b);
        }
        String line = decode(bytes.toByteArray());
        if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
            line = line.substring(1);
        }
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private String decode(byte[] line) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("line " + number + " is not UTF-8", e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
