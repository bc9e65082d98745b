/**
 * What orchestrators and operators ask: is this process alive, has it started, can it serve, and how is the cluster.
 *
 * <p>The four are kept apart on purpose. {@code live} asks for a restart when it fails, so only a wedged process fails it: no peer's fault does. {@code
 * ready} takes traffic away when it fails, so a peer's death must not fail it on healthy nodes: it holds as long as, for every partition, a sloppy
 * quorum (DeCandia et al. 2007, 4.6) can be reached from here. {@code started} waits for the log and for the ring, not for an operator who is to let the
 * node in. {@code cluster} is for people and alarms: it fails as soon as a member is down or
 * a partition has fewer than N live owners, though every request may still succeed.
 */
@NullMarked
package dev.gramme.rest.health;

import org.jspecify.annotations.NullMarked;
