/**
 * Real processes, real sockets, real files: clusters of the packaged program, jar or native binary, killed and paused as the world does it.
 */
@NullMarked
package dev.gramme.it;

import org.jspecify.annotations.NullMarked;
