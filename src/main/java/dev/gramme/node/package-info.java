/**
 * The composition: an event and the time in, a list of effects out. The same classes run in production and in the simulator.
 *
 * <p>A node is one {@link dev.gramme.node.ControlPlane} (members, view, bucket properties) and K {@link dev.gramme.node.DataPlane}s,
 * each the owner of every key whose partition modulo K is its number. They share nothing but immutable snapshots, which the
 * control plane publishes and the surroundings hand on as events.
 *
 * <p>What a node does besides its clients' requests is admitted by one {@link dev.gramme.node.BackgroundController} (6.5): its loops tell it what clients feel ({@link
 * dev.gramme.node.Foreground}), and each user of its budget, a kind of work on a loop or a thread, asks it before a slice ({@link dev.gramme.wire.Admission}). The planes of a
 * node share it, which is the one exception to the rule above: in production a lock guards it.
 *
 * <p>The ring over time is agreed on here, without a leader: {@code PhaseRule} decides (and says why two rivals are never both read from), {@code
 * RingStanding} takes its steps, {@code RingKeeper} hears the others and tells them what is kept, {@code Arrival} is how a node without memory comes to a ring, and
 * {@code RingOffice} is what operators may ask: staged changes, plans ({@code RingPlanning}) and refusals ({@code Objections}).
 */
@NullMarked
package dev.gramme.node;

import org.jspecify.annotations.NullMarked;
