package dev.gramme.antientropy.model;

import dev.gramme.antientropy.model.ModelDisk.Place;
import dev.gramme.version.Bytes;
import dev.gramme.version.Content;
import dev.gramme.version.Dot;
import dev.gramme.version.Version;
import dev.gramme.version.VersionSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a node coordinates for its clients. */
final class ModelRequests {
    /** A put that this node coordinates: over when each owner is told or stood for. */
    private static final class Put {
        final int key;
        final int write;
        final VersionSet state;
        final long stamp;
        final SortedSet<Integer> untold = new TreeSet<>();
        final SortedSet<Integer> kept = new TreeSet<>();

        Put(int key, int write, VersionSet state, long stamp) {
            this.key = key;
            this.write = write;
            this.state = state;
            this.stamp = stamp;
        }
    }

    /** A get that this node coordinates. */
    private static final class Get {
        final int key;
        long stamp;
        long epoch;
        final SortedMap<Integer, ModelMessage.GetReply> replies = new TreeMap<>();

        Get(int key, long stamp) {
            this.key = key;
            this.stamp = stamp;
        }
    }

    private final ModelNode node;
    private final SortedMap<Integer, Put> puts = new TreeMap<>();
    private final SortedMap<Integer, Get> gets = new TreeMap<>();

    ModelRequests(ModelNode node) {
        this.node = node;
    }

    void clear() {
        puts.clear();
        gets.clear();
    }

    /** Whether anything began under an older stamp. */
    boolean isAnyOlderThan(long stamp) {
        return puts.values().stream().anyMatch(put -> put.stamp < stamp)
                || gets.values().stream().anyMatch(get -> get.stamp < stamp);
    }

    /** A client's put or delete. */
    void put(int key, boolean delete, ModelClient.Seen seen) {
        int write = node.model.history().write(key, delete, seen.writes());
        int standsFor = node.owns() ? -1 : node.model.random().nextInt(CollectionModel.OWNERS);
        VersionSet before = node.owns() ? node.disk.state(key) : node.disk.hinted(key);
        Content content = delete ? Content.delete() : Content.value(Bytes.utf8("w" + write), "");
        VersionSet after = before.put(seen.context(), new Version(new Dot(write, 1), write, content));
        node.model.history().minted(write);
        Put put = new Put(key, write, after, node.owns() ? node.stamp : node.stampOf(key));
        if (node.owns()) {
            node.disk.store.put(key, after);
        } else {
            node.disk.hint(new Place(key, standsFor), after);
        }
        put.kept.add(node.id);
        int number = node.model.nextOperation();
        puts.put(number, put);
        for (int owner = 0; owner < CollectionModel.OWNERS; owner++) {
            if (owner != node.id && owner != standsFor) {
                put.untold.add(owner);
                node.model.send(node.id, owner, new ModelMessage.Put(number, key, after, put.stamp, -1));
            }
        }
    }

    /** Somebody loses patience: an owner that has not answered is stood for, here or elsewhere. */
    void standIn() {
        for (SortedMap.Entry<Integer, Put> each : new TreeMap<>(puts).entrySet()) {
            Put put = each.getValue();
            if (!put.untold.isEmpty()) {
                int owner = put.untold.first();
                int other = node.model.random().nextInt(CollectionModel.MEMBERS);
                if (other == node.id || other == owner) {
                    node.disk.hint(
                            new Place(put.key, owner),
                            node.owns() ? node.disk.state(put.key).merge(put.state) : put.state);
                    put.untold.remove(owner);
                } else {
                    node.model.send(
                            node.id, other, new ModelMessage.Put(each.getKey(), put.key, put.state, put.stamp, owner));
                }
            }
        }
        endPuts();
    }

    void get(int key) {
        int number = node.model.nextOperation();
        gets.put(number, new Get(key, node.stamp));
        for (int asked = 0; asked < CollectionModel.MEMBERS; asked++) {
            if (asked < CollectionModel.OWNERS || node.model.random().nextInt(3) == 0) {
                node.model.send(node.id, asked, new ModelMessage.Get(number, key));
            }
        }
    }

    /** A read that has answers enough shows them to its client, and repairs. What is older than a collection it has heard of does not count. */
    void endGets(ModelClient client) {
        for (SortedMap.Entry<Integer, Get> each : new TreeMap<>(gets).entrySet()) {
            Get get = each.getValue();
            VersionSet merged = VersionSet.EMPTY;
            int counted = 0;
            long oldest = get.stamp;
            for (ModelMessage.GetReply reply : get.replies.values()) {
                if (reply.stamp() >= get.epoch || !node.model.holds(Rule.OLD_ANSWERS_DO_NOT_COUNT)) {
                    merged = merged.merge(reply.state());
                    counted += reply.counts() ? 1 : 0;
                    oldest = node.model.holds(Rule.OLD_ANSWERS_DO_NOT_COUNT) ? Math.min(oldest, reply.stamp()) : oldest;
                }
            }
            if (counted >= 2) {
                gets.remove(each.getKey());
                client.saw(get.key, merged);
                repair(get, merged, oldest);
            }
        }
    }

    private void repair(Get get, VersionSet merged, long oldest) {
        for (SortedMap.Entry<Integer, ModelMessage.GetReply> reply : get.replies.entrySet()) {
            if (reply.getKey() < CollectionModel.OWNERS
                    && !reply.getValue().state().equals(merged)) {
                node.model.send(node.id, reply.getKey(), new ModelMessage.Put(0, get.key, merged, oldest, -1));
            }
        }
    }

    private void endPuts() {
        puts.values().removeIf(put -> {
            if (put.kept.size() >= node.model.acknowledgedAt()) {
                node.model.history().acknowledged(put.write);
            }
            return put.untold.isEmpty();
        });
    }

    /** Deadlines pass. */
    void giveUpGets() {
        gets.clear();
    }

    void replied(int from, ModelMessage.GetReply reply) {
        Get get = gets.get(reply.op());
        if (get != null) {
            get.replies.put(from, reply);
            get.epoch = Math.max(get.epoch, reply.epoch());
        }
    }

    void replied(int from, ModelMessage.PutReply reply) {
        Put put = puts.get(reply.op());
        if (put != null && reply.ok()) {
            put.kept.add(from);
            put.untold.remove(reply.hintFor() < 0 ? from : reply.hintFor());
            endPuts();
        }
    }
}
