package dev.gramme.membership;

import dev.gramme.ring.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What is wrong with whom, as found lately: for people. A finding that is not renewed is forgotten. */
public final class Problems {
    /** Longer than several probes, shorter than anybody's patience. */
    public static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Anybody can make up ids: more than these are not remembered. */
    private static final int MAX_STRANGERS = 16;

    private record Finding(String text, long nanos) {}

    private final SortedMap<NodeId, Finding> ofMembers = new TreeMap<>();
    private final SortedMap<NodeId, Finding> ofStrangers = new TreeMap<>();

    public void ofMember(NodeId member, String text, long nowNanos) {
        ofMembers.put(member, new Finding(text, nowNanos));
    }

    public void ofStranger(NodeId stranger, String text, long nowNanos) {
        forget(ofStrangers, nowNanos);
        if (ofStrangers.containsKey(stranger) || ofStrangers.size() < MAX_STRANGERS) {
            ofStrangers.put(stranger, new Finding(text, nowNanos));
        }
    }

    /** One line; empty if nothing is wrong with {@code member}. */
    public String of(NodeId member, long nowNanos) {
        forget(ofMembers, nowNanos);
        Finding finding = ofMembers.get(member);
        return finding == null ? "" : finding.text();
    }

    /** One line each, in order of their ids. */
    public List<String> ofStrangers(long nowNanos) {
        forget(ofStrangers, nowNanos);
        List<String> lines = new ArrayList<>();
        ofStrangers.values().forEach(finding -> lines.add(finding.text()));
        return lines;
    }

    private static void forget(SortedMap<NodeId, Finding> findings, long nowNanos) {
        findings.values().removeIf(finding -> nowNanos - finding.nanos() > REMEMBERED_NANOS);
    }
}
