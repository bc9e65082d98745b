package dev.gramme.antientropy;

import dev.gramme.ring.Key;
import dev.gramme.version.Bytes;
import dev.gramme.version.CausalContext;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import dev.gramme.wire.Message;
import dev.gramme.wire.MessageCodec;
import dev.gramme.wire.StateDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What it costs to make two replicas equal that differ in some keys: the production machines of both sides in one thread, over trees in memory, with the bytes of
 * every message as it would be encoded. No network, no disk.
 *
 * <p>By hand: {@code main}, with how many keys there are; then a line for each number of keys that differ.
 */
final class ExchangeCost {
    private static final int PARTITIONS = 256;
    private static final int VALUE_BYTES = 100;
    private static final int PAGE_KEYS = 500;

    /**
     * @param bytes of all messages, both ways
     * @param messages both ways
     * @param millis of both sides' processor time, encoding among it
     */
    record Cost(int differing, long bytes, int messages, long millis) {}

    private final int keys;
    private final List<VersionSet> states;
    private final TwoOwners owners = new TwoOwners(new ExchangeBounds(4, 0, 3_600_000), PARTITIONS);

    ExchangeCost(int keys) {
        this.keys = keys;
        this.states = new ArrayList<>(keys);
        for (int i = 0; i < keys; i++) {
            states.add(state(i, 1));
            owners.a.merge(key(i), states.get(i));
            owners.b.merge(key(i), states.get(i));
        }
        owners.a.exchanged.clear();
    }

    private static Key key(int number) {
        return Key.of("users", "user-" + number);
    }

    private static VersionSet state(int number, long actor) {
        byte[] value = new byte[VALUE_BYTES];
        new Random(number * 31L + actor).nextBytes(value);
        Dot dot = new Dot(0x7A3B_0000_0000_0000L + actor, number + 1);
        Version version = new Version(dot, number, Content.value(Bytes.of(value), "application/octet-stream"));
        return new VersionSet(CausalContext.of(dot), List.of(version));
    }

    /** So many keys, evenly spread, have a newer version at one side or the other, in turn; then the two are made equal. */
    Cost differingIn(int differing, long actor) {
        for (int i = 0; i < differing; i++) {
            int number = (int) ((long) i * keys / differing);
            VersionSet before = owners.a.own(owners.a.ring.partitionOf(key(number)), key(number));
            Version newer = state(number, actor).siblings().getFirst();
            (i % 2 == 0 ? owners.a : owners.b).merge(key(number), before.put(before.context(), newer));
        }
        owners.bytes = 0;
        owners.messages = 0;
        owners.keepsMessages = false;
        owners.a.exchanged.clear();
        long began = System.nanoTime();
        owners.a.askNow(null);
        while (owners.a.exchanged.size() < PARTITIONS) {
            owners.pass(TwoOwners.TICK_MILLIS);
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        if (!owners.areEqual()) {
            throw new IllegalStateException("the two are not equal");
        }
        return new Cost(differing, owners.bytes, owners.messages, millis);
    }

    /** All states of one side in pages, as a newcomer pulls them: bytes of the answers alone. */
    long fullCopyBytes() {
        long bytes = 0;
        for (int p = 0; p < PARTITIONS; p++) {
            List<Message.RangeEntry> page = new ArrayList<>();
            for (var entry : owners.a.trees.states(p).entrySet()) {
                page.add(new Message.RangeEntry(entry.getKey(), StateDigest.of(entry.getValue()), entry.getValue()));
                if (page.size() == PAGE_KEYS) {
                    bytes += bytesOf(page);
                    page.clear();
                }
            }
            bytes += bytesOf(page);
        }
        return bytes;
    }

    private static long bytesOf(List<Message.RangeEntry> page) {
        return MessageCodec.encode(new Message.RangePage(1, dev.gramme.wire.ReplicaStatus.OK, page, true))
                .size();
    }

    public static void main(String[] arguments) {
        int keys = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        ExchangeCost cost = new ExchangeCost(keys);
        System.out.println(keys + " keys of " + VALUE_BYTES + " bytes in " + PARTITIONS + " partitions; a full copy: "
                + cost.fullCopyBytes() + " bytes");
        int[] differing = {0, 0, 1, 100, 10_000, keys};
        for (int i = 0; i < differing.length; i++) {
            Cost measured = cost.differingIn(differing[i], i + 2);
            System.out.println(String.format(
                    Locale.ROOT,
                    "differing %9d: %11d bytes, %8d messages, %6d ms",
                    measured.differing(),
                    measured.bytes(),
                    measured.messages(),
                    measured.millis()));
        }
    }
}
