/**
 * Hinted handoff: what a fallback keeps for an owner that is down, and its delivery when the owner is back (DeCandia et al. 2007, 4.6).
 */
@NullMarked
package dev.gramme.handoff;

import org.jspecify.annotations.NullMarked;
