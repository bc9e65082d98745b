package dev.gramme.transport;

import dev.gramme.wire.Message;

/** What overtakes what on its way to a peer, the most urgent first. Within one lane messages keep their order. */
enum Lane {
    /** Between members. A probe that waits behind data makes a busy node look dead. */
    MEMBERS,
    /** What clients wait for. */
    KEYS,
    /** Ranges on their way to new owners: nobody waits for the single page. */
    RANGES;

    static Lane of(Message message) {
        return switch (message) {
            case Message.Control m -> MEMBERS;
            case Message.RangePage m -> RANGES;
            case Message.TreeReply m -> RANGES;
            case Message.PartitionRequest m -> RANGES;
            case Message.KeyReply m -> KEYS;
            case Message.KeyRequest m -> KEYS;
        };
    }
}
