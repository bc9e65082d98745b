/** Seeded generators of histories and clusters, shared by the property tests and the simulator. The same seed gives the same case. */
@NullMarked
package dev.gramme.generators;

import org.jspecify.annotations.NullMarked;
