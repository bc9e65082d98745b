package dev.gramme.rest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What a client may make large or slow. The connection's own bounds are Quarkus's ({@code quarkus.http.limits.*}, {@code idle-timeout}). */
@ConfigMapping(prefix = "gramme.limits")
public interface RestLimits {
    @WithDefault("1048576")
    int valueBytes();

    @WithDefault("1024")
    int keyBytes();

    /** All names and values of {@code Gramme-Meta-*} headers together. */
    @WithDefault("4096")
    int metadataBytes();

    /** How long a client may take to send a body whose bytes keep coming, in milliseconds; one that is silent is cut by the idle timeout. */
    @WithDefault("30000")
    int bodyMillis();
}
