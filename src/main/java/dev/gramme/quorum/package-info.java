/**
 * Quorum rules, and put and get trackers as pure folds: add a result, enough?, verdict (after Riak's riak_kv_put_core).
 */
@NullMarked
package dev.gramme.quorum;

import org.jspecify.annotations.NullMarked;
