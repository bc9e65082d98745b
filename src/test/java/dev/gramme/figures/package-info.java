/** What measurements share. A figure is made by hand, never by a timed test, and is a ratio of two things in one run. */
@NullMarked
package dev.gramme.figures;

import org.jspecify.annotations.NullMarked;
