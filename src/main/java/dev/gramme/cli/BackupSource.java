package dev.gramme.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gramme.ring.Key;
import dev.gramme.wire.BackupPage;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.Message;
import java.net.http.HttpResponse;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One node, as a backup reads it: what it owns, and pages of that. Safe to use from many threads. */
final class BackupSource {
    private static final int TRIES = 3;
    private static final long PAUSE_MILLIS = 500;

    private final Endpoint node;
    private final JsonNode overview;
    private final BitSet owns = new BitSet();
    private final LongAdder fetched;
    /** By partition, of all its pages. */
    private final Map<Integer, PagesAge> ages = new ConcurrentHashMap<>();

    /** It can't give what was asked of it now; the message is for people. */
    static final class UnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnavailableException(String message) {
            super(message);
        }
    }

    /**
     * Asks what the node has.
     *
     * @param fetched counts the bytes of pages
     * @throws Endpoint.UnreachableException if it does not answer
     */
    BackupSource(String url, LongAdder fetched) {
        this.node = new Endpoint();
        this.node.urls = List.of(url);
        this.fetched = fetched;
        this.overview = node.json("/v1/backup");
        overview.path("owns").forEach(partition -> owns.set(partition.asInt()));
    }

    String id() {
        return overview.path("node").asText();
    }

    /** Cluster, Q, N, the version of the ring, buckets' properties. */
    JsonNode overview() {
        return overview;
    }

    boolean owns(int partition) {
        return owns.get(partition);
    }

    /** When it was asked first. */
    boolean hasHints() {
        return overview.path("hints").asLong() > 0;
    }

    /** Every record of the partition in the order of keys: with its digest alone. */
    void digests(int partition, Consumer<Message.RangeEntry> each) throws UnavailableException {
        Cursor cursor = new Cursor(partition, "digests");
        for (Message.RangeEntry next = cursor.next(); next != null; next = cursor.next()) {
            each.accept(next);
        }
    }

    /** Every record of the partition in the order of keys, with its state. */
    Cursor states(int partition) {
        return new Cursor(partition, "states");
    }

    /** What it keeps of the partition for other owners. */
    BackupPage hints(int partition) throws UnavailableException {
        return page(partition, fetch("/v1/backup/" + partition + "?part=hints"));
    }

    /** How old what it gave of the partition is, since {@link #begin}. */
    PagesAge age(int partition) {
        return ages.getOrDefault(partition, PagesAge.NONE);
    }

    /** What it gave of the partition so far does not count. */
    void begin(int partition) {
        ages.remove(partition);
    }

    /** Reads on page by page. */
    final class Cursor {
        private final int partition;
        private final String path;
        private List<Message.RangeEntry> records = List.of();
        private int taken;
        private @Nullable String next = "";
        private @Nullable Key last;

        private Cursor(int partition, String part) {
            this.partition = partition;
            this.path = "/v1/backup/" + partition + "?part=" + part;
        }

        /** The next record; null after the last. */
        Message.@Nullable RangeEntry next() throws UnavailableException {
            while (taken == records.size()) {
                if (next == null) {
                    return null;
                }
                HttpResponse<byte[]> answer = fetch(next.isEmpty() ? path : path + "&after=" + next);
                BackupPage page = page(partition, answer);
                records = page.records();
                taken = 0;
                next = answer.headers().firstValue("Gramme-Next").orElse(null);
                if ((next == null) != page.complete()) {
                    throw new UnavailableException(id() + " answered a page of " + path + " that contradicts itself");
                }
            }
            Message.RangeEntry record = records.get(taken++);
            if (last != null && last.compareTo(record.key()) >= 0) {
                throw new UnavailableException(id() + " answered records of " + path + " out of their order");
            }
            last = record.key();
            return record;
        }

        BackupSource source() {
            return BackupSource.this;
        }
    }

    private BackupPage page(int partition, HttpResponse<byte[]> answer) throws UnavailableException {
        ages.merge(partition, PagesAge.of(answer.headers()), PagesAge::with);
        try {
            return BackupPage.decode(answer.body());
        } catch (MalformedException e) {
            throw new UnavailableException(id() + " answered what is no page of a backup: " + e.getMessage());
        }
    }

    private HttpResponse<byte[]> fetch(String path) throws UnavailableException {
        String wrong = "";
        for (int tries = 1; tries <= TRIES; tries++) {
            try {
                HttpResponse<byte[]> answer = node.send(path, RequestFlags.DEFAULT_PATIENCE, r -> r);
                if (answer.statusCode() == 200) {
                    fetched.add(answer.body().length);
                    return answer;
                }
                wrong = Problems.describe(answer);
                if (answer.statusCode() < 500) {
                    break;
                }
            } catch (Endpoint.UnreachableException e) {
                wrong = String.valueOf(e.getMessage());
            }
            pause(tries);
        }
        throw new UnavailableException(id() + ": " + wrong.lines().limit(2).reduce("", (a, b) -> a + " " + b.strip()));
    }

    private static void pause(int tries) throws UnavailableException {
        if (tries < TRIES) {
            try {
                Thread.sleep(PAUSE_MILLIS * tries);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnavailableException("interrupted");
            }
        }
    }
}
