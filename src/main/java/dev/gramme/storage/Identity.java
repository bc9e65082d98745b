package dev.gramme.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who a data directory is: the file {@code identity}, one {@code name=value} a line.
 *
 * @param store a random number given to the directory when it was made; its log segments bear it
 * @param ownerReserved dots of the owner's actor up to this counter may have been minted
 * @param hintReserved the same of the hint book's actor
 * @param closedAs what the file {@code closed} was when the directory was last closed in order (see {@link DataDirectory}); empty while open
 */
record Identity(
        int format,
        String cluster,
        String node,
        int partitions,
        int replicas,
        long store,
        long ownerActor,
        long ownerReserved,
        long hintActor,
        long hintReserved,
        String closedAs) {
    /**
     * 2: beside what 1 has, the directory may hold the file {@code topology} and log segments of format 2. A program that knows 1 alone would
     * go by the members it is configured with, and not by the ring its node had come to: it must refuse. 3: log segments of format 3, with collections, and
     * values that expire. 4: what changed of a tree's leaves may be gathered beside them ({@link LeafSums}). 5: the files {@code lacking} and {@code log-reach}, and log segments of format 4, with partitions set aside. 6: digests
     * of records, and leaves over them, are of contents too ({@link RecordFormat}). 7: log segments of format 5, with promises, which a checkpoint's mark has too. 8: nothing
     * looks otherwise, but stamps of collections, in promises too, begin with a date ({@link dev.gramme.wire.StampDates}): a program that knows nothing of that would count on from them, and say dates that are not true. A directory of an older format is opened, and is of this one
     * from then on.
     */
    static final int FORMAT = 8;

    Identity withActors(long owner, long ownerCounter, long hint, long hintCounter) {
        return new Identity(
                format, cluster, node, partitions, replicas, store, owner, ownerCounter, hint, hintCounter, closedAs);
    }

    Identity inFormat(int format) {
        return new Identity(
                format,
                cluster,
                node,
                partitions,
                replicas,
                store,
                ownerActor,
                ownerReserved,
                hintActor,
                hintReserved,
                closedAs);
    }

    Identity closedAs(String proof) {
        return new Identity(
                format,
                cluster,
                node,
                partitions,
                replicas,
                store,
                ownerActor,
                ownerReserved,
                hintActor,
                hintReserved,
                proof);
    }

    byte[] encode() {
        String text = "format=" + format + "\ncluster=" + cluster + "\nnode=" + node + "\npartitions=" + partitions
                + "\nreplicas=" + replicas + "\nstore=" + Long.toHexString(store)
                + "\nowner-actor=" + Long.toHexString(ownerActor) + "\nowner-reserved=" + ownerReserved
                + "\nhint-actor=" + Long.toHexString(hintActor) + "\nhint-reserved=" + hintReserved
                + "\nclosed-as=" + closedAs;
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IOException if a line is missing or no number where one must be */
    static Identity decode(byte[] content) throws IOException {
        Map<String, String> lines = lines(content);
        try {
            return new Identity(
                    number(lines, "format"),
                    text(lines, "cluster"),
                    text(lines, "node"),
                    number(lines, "partitions"),
                    number(lines, "replicas"),
                    Long.parseUnsignedLong(text(lines, "store"), 16),
                    Long.parseUnsignedLong(text(lines, "owner-actor"), 16),
                    Long.parseLong(text(lines, "owner-reserved")),
                    Long.parseUnsignedLong(text(lines, "hint-actor"), 16),
                    Long.parseLong(text(lines, "hint-reserved")),
                    text(lines, "closed-as"));
        } catch (NumberFormatException notANumber) {
            throw new IOException("the file identity has a wrong number: " + notANumber.getMessage(), notANumber);
        }
    }

    /** The format alone: a newer one may have other lines. */
    static int formatOf(byte[] content) throws IOException {
        try {
            return number(lines(content), "format");
        } catch (NumberFormatException notANumber) {
            throw new IOException(
                    "the file identity has a wrong format number: " + notANumber.getMessage(), notANumber);
        }
    }

    private static Map<String, String> lines(byte[] content) {
        Map<String, String> lines = new LinkedHashMap<>();
        new String(content, StandardCharsets.UTF_8).lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return lines;
    }

    private static String text(Map<String, String> lines, String name) throws IOException {
        String value = lines.get(name);
        if (value == null) {
            throw new IOException("the file identity has no line '" + name + "'");
        }
        return value;
    }

    private static int number(Map<String, String> lines, String name) throws IOException {
        return Integer.parseInt(text(lines, name));
    }
}
