package dev.gramme.coordinator;

/** What every request of one loop works with. */
record Means(Limits limits, PeerLatency latency, LackingPeers lacking, LocalReplica local) {}
