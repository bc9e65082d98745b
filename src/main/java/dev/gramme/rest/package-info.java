/**
 * The REST front: resources that translate and nothing else.
 */
@NullMarked
package dev.gramme.rest;

import org.jspecify.annotations.NullMarked;
