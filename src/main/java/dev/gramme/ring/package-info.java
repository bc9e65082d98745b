/**
 * The hash ring: MD5 tokens, Q fixed partitions, the claim (who owns what) and preference lists (DeCandia et al. 2007, 4.2, 4.3, 6.2
 * strategy 3).
 */
@NullMarked
package dev.gramme.ring;

import org.jspecify.annotations.NullMarked;
