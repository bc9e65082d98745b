package dev.gramme.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.ring.NodeId;
import dev.gramme.version.Bytes;
import dev.gramme.wire.MalformedException;
import dev.gramme.wire.MessageCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Control planes meet over real bridges, by an address alone; who does not belong is told so and changes nothing. */
class JoiningByAddressTest {
    private final Member founder = Member.founds("n1");
    private final List<Member> others = new ArrayList<>();

    @AfterEach
    void close() {
        others.forEach(Member::close);
        founder.close();
    }

    @Test
    void three_nodes_find_each_other_by_the_address_of_one_and_are_peers_from_then_on() {
        Member n2 = seeks("n2", Member.Origin.OURS, founder.address());
        Member n3 = seeks("n3", Member.Origin.OURS, founder.address());
        List<Member> all = List.of(founder, n2, n3);
        Node.soon().until(() -> all.stream().allMatch(each -> all.stream().allMatch(each::sees)));
        Node.soon().until(() -> all.stream().allMatch(JoiningByAddressTest::hasTwoPeers));
        Node.soon().until(() -> n2.ringHash() == founder.ringHash() && n3.ringHash() == founder.ringHash());
        Node.soon()
                .until(() -> all.stream()
                        .allMatch(each -> each.transport.status().contacts().values().stream()
                                .noneMatch(ContactStatus::connected)));
        all.forEach(each -> assertEquals("", each.stopped));
        assertEquals(Map.of(founder.id, MessageCodec.FORMAT, n3.id, MessageCodec.FORMAT), n2.formats);
        all.forEach(each -> assertEquals(0, each.transport.status().refusedFrames()));
    }

    @Test
    void a_node_of_another_cluster_is_told_so_and_the_cluster_does_not_know_it() {
        Member stranger =
                seeks("n2", new Member.Origin("theirs", Member.PARTITIONS, Node.CLUSTER_KEY), founder.address());
        assertRefused(stranger, "it is of cluster 'theirs', this node of cluster 'ours'");
    }

    @Test
    void a_node_with_another_number_of_partitions_is_told_so_and_the_cluster_does_not_know_it() {
        Member stranger =
                seeks("n2", new Member.Origin("ours", 2 * Member.PARTITIONS, Node.CLUSTER_KEY), founder.address());
        assertRefused(stranger, "it has Q = 16 partitions, this cluster 8");
    }

    @Test
    void a_node_with_another_key_is_told_so_and_the_cluster_does_not_know_it() {
        Member stranger =
                seeks("n2", new Member.Origin("ours", Member.PARTITIONS, Bytes.utf8("another key")), founder.address());
        assertRefused(stranger, "a batch sealed with another key: do both nodes have the same cluster key file?");
    }

    @Test
    void a_seed_where_nobody_listens_is_named_to_who_looks_for_it() {
        Node gone = Node.open("gone");
        HostAndPort nobody = new HostAndPort("127.0.0.1", gone.port());
        gone.close();
        Member lonely = seeks("n2", Member.Origin.OURS, nobody);
        Node.soon().until(() -> lonely.complaints().contains(nobody + "=can't connect: Connection refused"));
    }

    @Test
    void gossip_that_does_not_parse_has_no_effect() throws IOException {
        Node.soon().until(() -> founder.ringHash() != 0);
        long ring = founder.ringHash();
        Random random = new Random(1);
        BatchFormat format = new BatchFormat(new NodeId("n9"), Node.CLUSTER_KEY);
        int sent = 0;
        try (RawClient client = new RawClient(founder.transport.port())) {
            for (int i = 0; i < 100; i++) {
                List<Bytes> garbage = garbage(random);
                sent += garbage.size();
                client.write(BridgeFrames.send(
                                i % 2 == 0 ? format.writeToWhoever(garbage) : format.write(founder.id, garbage))
                        .getBytes());
            }
            int all = sent;
            Node.soon()
                    .until(() -> founder.transport.status().malformedMessages()
                                    + founder.transport.status().unsupportedMessages()
                            == all);
        }
        assertEquals(0, founder.transport.status().receivedMessages());
        assertEquals(0, founder.transport.status().refusedFrames());
        assertEquals(1, founder.members().size());
        assertEquals(ring, founder.ringHash());
        assertEquals("", founder.stopped);
        Member n2 = seeks("n2", Member.Origin.OURS, founder.address());
        Node.soon().until(() -> founder.sees(n2) && n2.sees(founder));
    }

    private Member seeks(String name, Member.Origin origin, HostAndPort seed) {
        Member member = Member.seeks(name, origin, seed);
        others.add(member);
        return member;
    }

    private void assertRefused(Member stranger, String why) {
        Node.soon().until(() -> stranger.complaints().contains(why));
        assertEquals(1, founder.members().size());
        assertTrue(founder.transport.status().peers().isEmpty());
        assertEquals("", founder.stopped);
    }

    private static boolean hasTwoPeers(Member member) {
        return member.transport.status().peers().values().stream()
                        .filter(PeerStatus::connected)
                        .count()
                == 2;
    }

    /** Messages of every type with nonsense behind it. */
    private static List<Bytes> garbage(Random random) {
        List<Bytes> messages = new ArrayList<>();
        while (messages.size() < 20) {
            byte[] bytes = new byte[2 + random.nextInt(100)];
            random.nextBytes(bytes);
            bytes[0] = 1;
            bytes[1] = (byte) (1 + random.nextInt(20));
            Bytes message = Bytes.of(Arrays.copyOf(bytes, bytes.length));
            if (isMalformed(message)) {
                messages.add(message);
            }
        }
        return messages;
    }

    private static boolean isMalformed(Bytes message) {
        try {
            MessageCodec.decode(message);
            return false;
        } catch (MalformedException e) {
            return true;
        }
    }
}
