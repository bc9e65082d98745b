/**
 * The put and get machines: sloppy fallbacks, hedging, read repair (DeCandia et al. 2007, 4.5, 4.6, 5).
 */
@NullMarked
package dev.gramme.coordinator;

import org.jspecify.annotations.NullMarked;
