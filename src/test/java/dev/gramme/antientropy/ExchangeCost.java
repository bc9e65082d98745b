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
import dev.gramme.wire.ReplicaStatus;
import dev.gramme.wire.StateDigest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What it costs to make two replicas equal that differ in some keys: the production machines of both sides in one thread, over trees in memory, with the bytes of
 * every message as it would be encoded. No network, no disk.
 *
 * <p>By hand: {@code ExchangeCost [keys] [file.svg]} with {@code -Xmx3g}: a line for each power of ten of keys that differ, up to all (1,000,000), and, if a file is named, the picture of them
 * ({@link ExchangePlot}). {@code src/test/resources/figures/exchange-cost.svg} is that of {@code ExchangeCost 1000000 src/test/resources/figures/exchange-cost.svg}.
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

    /** Of this thread, on which all happens: what else the machine does is not in it. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
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
        long began = processorNanos();
        owners.a.askNow(null);
        while (owners.a.exchanged.size() < PARTITIONS) {
            owners.pass(TwoOwners.TICK_MILLIS);
        }
        long millis = (processorNanos() - began) / 1_000_000;
        if (!owners.areEqual()) {
            throw new IllegalStateException("the two are not equal");
        }
        return new Cost(differing, owners.bytes, owners.messages, millis);
    }

    /** All states of one side in pages, as a newcomer pulls them: the answers' bytes, and the processor time to encode, decode and merge them. */
    Cost fullCopy() {
        KeptTrees newcomer = new KeptTrees(PARTITIONS);
        long bytes = 0;
        int messages = 0;
        long began = processorNanos();
        for (int p = 0; p < PARTITIONS; p++) {
            List<Message.RangeEntry> page = new ArrayList<>();
            for (var entry : owners.a.trees.states(p).entrySet()) {
                page.add(new Message.RangeEntry(entry.getKey(), StateDigest.of(entry.getValue()), entry.getValue()));
                if (page.size() == PAGE_KEYS) {
                    bytes += copy(p, page, newcomer);
                    messages++;
                    page.clear();
                }
            }
            bytes += copy(p, page, newcomer);
            messages++;
        }
        return new Cost(keys, bytes, messages, (processorNanos() - began) / 1_000_000);
    }

    private static long copy(int partition, List<Message.RangeEntry> page, KeptTrees newcomer) {
        Bytes bytes = MessageCodec.encode(new Message.RangePage(1, ReplicaStatus.OK, page, true));
        if (!(MessageCodec.decode(bytes) instanceof Message.RangePage decoded)) {
            throw new IllegalStateException("a page was decoded as another message");
        }
        decoded.entries().forEach(each -> newcomer.set(partition, each.key(), each.state()));
        return bytes.size();
    }

    public static void main(String[] arguments) throws IOException {
        int keys = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        ExchangeCost cost = new ExchangeCost(keys);
        // The first of each warms up.
        cost.fullCopy();
        cost.differingIn(keys / 100, 2);
        cost.differingIn(0, 2);
        Cost copy = cost.fullCopy();
        System.out.println(keys + " keys of " + VALUE_BYTES + " bytes in " + PARTITIONS + " partitions; a full copy: "
                + copy.bytes() + " bytes, " + copy.messages() + " messages, " + copy.millis() + " ms");
        List<Cost> costs = new ArrayList<>();
        costs.add(cost.differingIn(0, 3));
        for (int differing = 1; differing <= keys; differing *= 10) {
            costs.add(cost.differingIn(differing, costs.size() + 3));
        }
        for (Cost measured : costs) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "differing %9d: %11d bytes, %8d messages, %6d ms",
                    measured.differing(),
                    measured.bytes(),
                    measured.messages(),
                    measured.millis()));
        }
        if (arguments.length > 1) {
            String title = String.format(
                    Locale.ROOT,
                    "Two replicas of %,d keys of %d bytes in %d partitions are made equal",
                    keys,
                    VALUE_BYTES,
                    PARTITIONS);
            Files.writeString(Path.of(arguments[1]), new ExchangePlot(costs, copy).svg(title));
        }
    }
}
