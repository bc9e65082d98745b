/**
 * Quorum rules, and put and get trackers as pure folds: add a result, enough?, verdict (after Riak's {@code riak_kv_put_core} and
 * {@code riak_kv_get_core}).
 *
 * <p>A put waits for W durable acknowledgements, a get for R states (DeCandia et al. 2007, 4.5). With R + W &gt; N and all owners up, each
 * read meets each acknowledged write. While owners are down the quorum is sloppy: the first N healthy nodes count (4.6), or by a
 * request's choice only owners do. While the ring changes there are two sets of owners, and a put needs W places of each: so a get by either ring
 * meets it. Trackers know nothing of messages or time: who is asked, and when to give up, is the
 * coordinator's matter; whether that makes a quorum is decided here.
 */
@NullMarked
package dev.gramme.quorum;

import org.jspecify.annotations.NullMarked;
