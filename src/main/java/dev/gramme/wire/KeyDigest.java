package dev.gramme.wire;

import dev.gramme.ring.Key;

/** A key and the {@link StateDigest} of the state that one holds of it. */
public record KeyDigest(Key key, long digest) {}
