/**
 * The composition: an event and the time in, a list of effects out. The same classes run in production and in the simulator.
 *
 * <p>A node is one {@link dev.gramme.node.ControlPlane} (members, view, bucket properties) and K {@link dev.gramme.node.DataPlane}s,
 * each the owner of every key whose partition modulo K is its number. They share nothing but immutable snapshots, which the
 * control plane publishes and the surroundings hand on as events.
 */
@NullMarked
package dev.gramme.node;

import org.jspecify.annotations.NullMarked;
