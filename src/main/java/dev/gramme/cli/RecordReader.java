package dev.gramme.cli;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads a file's records one by one, so that a file of any size can be imported. */
sealed interface RecordReader extends Closeable {
    String TEXT = "text/plain;charset=UTF-8";

    /** What a file holds. */
    enum Format {
        /** One key a line; the value is the line too. */
        LINES,
        /** Key and value, RFC 4180, no heading. */
        CSV,
        /** An object a line: {@code key}, {@code value} (text, or any JSON), and perhaps {@code contentType}. */
        JSONL;

        static Format of(Path file) {
            String name = file.toString().toLowerCase(Locale.ROOT);
            return name.endsWith(".csv") ? CSV : name.endsWith(".jsonl") || name.endsWith(".ndjson") ? JSONL : LINES;
        }
    }

    /**
     * The next record, null at the end.
     *
     * @throws IOException naming the line or row that can't be read; nothing after it can be read then
     */
    @Nullable
    ImportRecord next() throws IOException;

    static RecordReader open(Path file, Format format) throws IOException {
        InputStream in = Files.newInputStream(file);
        return switch (format) {
            case LINES -> new KeyLines(new Lines(in));
            case CSV -> new Csv(in);
            case JSONL -> new JsonLines(new Lines(in));
        };
    }

    /** One key a line; empty lines are passed over. */
    final class KeyLines implements RecordReader {
        private final Lines lines;
        private long number;

        KeyLines(Lines lines) {
            this.lines = lines;
        }

        @Override
        public @Nullable ImportRecord next() throws IOException {
            String line = lines.next();
            while (line != null && line.isEmpty()) {
                line = lines.next();
            }
            if (line == null) {
                return null;
            }
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            return new ImportRecord(++number, bytes, bytes, TEXT);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /** Two columns; one alone is a key with an empty value. */
    final class Csv implements RecordReader {
        private final CsvParser parser;
        private long number;

        Csv(InputStream in) throws IOException {
            parser = (CsvParser) CsvFactory.builder()
                    .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                    .build()
                    .createParser(in);
        }

        @Override
        public @Nullable ImportRecord next() throws IOException {
            long row = number + 1;
            try {
                if (parser.nextToken() == null) {
                    return null;
                }
                List<String> cells = cells();
                if (cells.size() > 2) {
                    throw new IOException("has " + cells.size() + " columns; a row is a key and a value");
                }
                if (cells.isEmpty() || cells.get(0).isEmpty()) {
                    throw new IOException("has no key");
                }
                byte[] value = (cells.size() == 2 ? cells.get(1) : "").getBytes(StandardCharsets.UTF_8);
                return new ImportRecord(++number, cells.get(0).getBytes(StandardCharsets.UTF_8), value, TEXT);
            } catch (IOException e) {
                throw new IOException("row " + row + ": " + firstLine(e), e);
            }
        }

        private List<String> cells() throws IOException {
            List<String> cells = new ArrayList<>();
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                parser.nextToken();
            }
            for (; parser.currentToken() != null && parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
                cells.add(parser.getText());
            }
            return cells;
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }

    /** An object a line; empty lines are passed over. */
    final class JsonLines implements RecordReader {
        private static final ObjectMapper JSON =
                new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

        private final Lines lines;
        private long number;

        JsonLines(Lines lines) {
            this.lines = lines;
        }

        @Override
        public @Nullable ImportRecord next() throws IOException {
            String line = lines.next();
            while (line != null && line.isBlank()) {
                line = lines.next();
            }
            return line == null ? null : record(line);
        }

        private ImportRecord record(String line) throws IOException {
            JsonNode object;
            try {
                object = JSON.readTree(line);
            } catch (IOException e) {
                throw new IOException("line " + lines.number() + ": " + firstLine(e), e);
            }
            String key = object.path("key").asText("");
            JsonNode value = object.get("value");
            if (key.isEmpty() || value == null) {
                throw new IOException("line " + lines.number() + ": not an object with a \"key\" and a \"value\"");
            }
            String type = object.path("contentType").asText(value.isTextual() ? TEXT : "application/json");
            if (!type.matches("[ -~]+")) {
                throw new IOException("line " + lines.number() + ": the contentType is not plain ASCII");
            }
            String text = value.isTextual() ? value.asText() : value.toString();
            return new ImportRecord(
                    ++number, key.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8), type);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /** Jackson's further lines say where in its buffer it stood. */
    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("can't be read");
    }
}
