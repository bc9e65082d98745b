/**
 * Members and failure detection: who is up, who is down. A verdict changes routing only (DeCandia et al. 2007, 4.8).
 */
@NullMarked
package dev.gramme.membership;

import org.jspecify.annotations.NullMarked;
