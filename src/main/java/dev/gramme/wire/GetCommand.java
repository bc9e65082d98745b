package dev.gramme.wire;

import dev.gramme.ring.Key;

/** A client's get. */
public record GetCommand(Key key, RequestOptions options) {}
