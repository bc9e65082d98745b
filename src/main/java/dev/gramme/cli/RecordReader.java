package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads a file's records one by one, so that a file of any size can be imported. */
interface RecordReader extends AutoCloseable {
    String TEXT = "text/plain;charset=UTF-8";

    /** What a file holds. */
    enum Format {
        /** One key a line; the value is the line too. */
        LINES,
        /** Key and value, RFC 4180. */
        CSV,
        /** An object a line: {@code key}, {@code value} (text, or any JSON), and perhaps {@code contentType}. */
        JSONL;

        static Format of(Path file) {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            return name.endsWith(".csv") ? CSV : name.endsWith(".jsonl") || name.endsWith(".ndjson") ? JSONL : LINES;
        }
    }

    /**
     * The next record, null at the end.
     *
     * @throws IOException naming the record that can't be read
     */
    @Nullable
    ImportRecord next() throws IOException;

    @Override
    void close() throws IOException;

    static RecordReader open(Path file, Format format) throws IOException {
        BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        return switch (format) {
            case LINES -> new Lines(reader);
            case CSV -> new Csv(reader);
            case JSONL -> new JsonLines(reader);
        };
    }

    /** One key a line; empty lines are passed over. */
    final class Lines implements RecordReader {
        private final BufferedReader reader;
        private long number;

        Lines(BufferedReader reader) {
            this.reader = reader;
        }

        @Override
        public @Nullable ImportRecord next() throws IOException {
            String line = reader.readLine();
            while (line != null && line.isEmpty()) {
                line = reader.readLine();
            }
            if (line == null) {
                return null;
            }
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            return new ImportRecord(++number, bytes, bytes, TEXT);
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    /** Two columns; one alone is a key with an empty value. */
    final class Csv implements RecordReader {
        private final MappingIterator<String[]> rows;
        private long number;

        Csv(BufferedReader reader) throws IOException {
            this.rows = CsvMapper.builder()
                    .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                    .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                    .build()
                    .readerFor(String[].class)
                    .readValues(reader);
        }

        @Override
        public @Nullable ImportRecord next() throws IOException {
            try {
                if (!rows.hasNextValue()) {
                    return null;
                }
                String[] row = rows.nextValue();
                number++;
                if (row.length > 2 || row[0].isEmpty()) {
                    throw new IOException("a row has a key and a value, this one " + row.length + " columns");
                }
                byte[] value = (row.length == 2 ? row[1] : "").getBytes(StandardCharsets.UTF_8);
                return new ImportRecord(number, row[0].getBytes(StandardCharsets.UTF_8), value, TEXT);
            } catch (IOException e) {
                throw new IOException("row " + number + ": " + e.getMessage(), e);
            }
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }

    /** An object a line. */
    final class JsonLines implements RecordReader {
        private static final ObjectMapper JSON = new ObjectMapper();

        private final BufferedReader reader;
        private long number;

        JsonLines(BufferedReader reader) {
            this.reader = reader;
        }

        @Override
        public @Nullable ImportRecord next() throws IOException {
            String line = reader.readLine();
            if (line == null) {
                return null;
            }
            number++;
            JsonNode object;
            try {
                object = JSON.readTree(line);
            } catch (IOException e) {
                throw new IOException("line " + number + ": " + e.getMessage(), e);
            }
            String key = object.path("key").asText("");
            if (key.isEmpty() || !object.has("value")) {
                throw new IOException("line " + number + ": an object has a \"key\" and a \"value\"");
            }
            JsonNode value = object.get("value");
            String type = object.path("contentType").asText(value.isTextual() ? TEXT : "application/json");
            String text = value.isTextual() ? value.asText() : value.toString();
            return new ImportRecord(
                    number, key.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8), type);
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
