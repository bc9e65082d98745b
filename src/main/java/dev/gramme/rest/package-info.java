/**
 * The REST front: resources that translate and nothing else.
 *
 * <p>What it guarantees: what a client sends reaches the node unchanged, or the client is told why not and what to do.
 *
 * <ul>
 *   <li>A key is one path segment, percent-encoded, and may be any bytes. It is taken from the request line itself ({@link
 *       dev.gramme.rest.KeyPath}), because frameworks normalise paths: {@code %2E%2E} would climb, {@code ;} would end a segment, and
 *       bytes that are not UTF-8 would be lost. {@link dev.gramme.rest.KeyRoutes} sees to it that such a key still reaches its resource.
 *   <li>A value is raw bytes with the content type and {@code Gramme-Meta-*} headers it came with.
 *   <li>Every error is {@code application/problem+json} (RFC 9457), with a hint of what to do. A write that did not end well says which way:
 *       {@code "outcome":"failed"} was surely not written, {@code "outcome":"indeterminate"} may surface later; a retry with the echoed
 *       {@code Idempotency-Key} is safe.
 *   <li>Everything a client can make large is bounded: key, value, metadata, headers, time to send a body, connections.
 * </ul>
 *
 * <p>Conditional requests ({@code If-Match}, {@code If-None-Match}; RFC 9110, 13) are checked at this node before the write, as best effort:
 * an always-writable store (DeCandia et al. 2007, 2.3) has no compare-and-set. A concurrent write that the check could not see is not lost: it
 * becomes a sibling, as always.
 *
 * <p>The ring is changed by {@link dev.gramme.rest.RingChangeResource}: a change is staged, answered with the plan of all that is staged, and started by
 * committing exactly that plan. What can't be is refused with a sentence (409), and leaves the ring, and what was staged before, as it was.
 *
 * <p>How: a resource's method parses, asks {@link dev.gramme.runtime.LocalNode}, and maps the outcome to a {@link dev.gramme.rest.Reply}, which
 * writes itself to the Vert.x response: the framework's own response type copies its headers three times on the way.
 */
@NullMarked
package dev.gramme.rest;

import org.jspecify.annotations.NullMarked;
