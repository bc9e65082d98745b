package dev.gramme.runtime;

import dev.gramme.wire.BucketProperties;

/** What became of a change of bucket properties; {@code error} is empty if it was done. */
record BucketAnswer(BucketProperties properties, String error) {}
