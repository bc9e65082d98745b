package dev.gramme.rest;

import java.util.Locale;

/** What is measured apart. */
enum Operation {
    GET,
    HEAD,
    PUT,
    POST,
    DELETE,
    EXPLAIN,
    BUCKET_GET,
    BUCKET_PUT,
    CLUSTER,
    CLUSTER_CHANGE,
    BACKUP,
    RESTORE,
    ECHO;

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
