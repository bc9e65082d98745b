/**
 * The surroundings of the pure rooms: serial loops, timers, CDI producers, configuration, health, metrics.
 */
@NullMarked
package dev.gramme.runtime;

import org.jspecify.annotations.NullMarked;
