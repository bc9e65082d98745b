/**
 * The command line: server, demo, and clients of the REST front.
 */
@NullMarked
package dev.gramme.cli;

import org.jspecify.annotations.NullMarked;
