/**
 * The Vert.x event bus carried between nodes by its TCP bridge.
 */
@NullMarked
package dev.gramme.transport;

import org.jspecify.annotations.NullMarked;
