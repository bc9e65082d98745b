/** What is shipped beside the program (images, manifests, the unit) agrees with itself and with the program's flags. */
@NullMarked
package dev.gramme.deploy;

import org.jspecify.annotations.NullMarked;
