package dev.gramme.wire;

/** Events worth counting: metrics in production, proof that rare paths were taken in the simulator. */
public enum Probe {
    PUT_FORWARDED,
    PUT_FORWARD_RETRIED,
    PUT_COORDINATED,
    /** A put that was passed on to a former life of this node. */
    FORMER_LIFE_REFUSED,
    PUT_COORDINATED_BY_FALLBACK,
    PUT_QUORUM_FAILED,
    PUT_INDETERMINATE,
    PUT_RETRY_COLLAPSED,
    PUT_MADE_SIBLINGS,
    /** A replica comes to own the key and could not take a write yet. */
    PUT_ASKED_AGAIN,
    GET_COORDINATED,
    GET_HEDGED,
    GET_ASKED_AGAIN,
    GET_QUORUM_FAILED,
    GET_DIGEST_MATCHED,
    GET_ANSWERED_FROM_HINTS,
    GET_SIBLINGS_RETURNED,
    READ_REPAIR,
    FALLBACK_ASKED,
    HINT_STORED,
    HINT_DELIVERED,
    REQUEST_TIMED_OUT,
    REQUEST_REFUSED_OVERLOADED,
    REPLICA_WRITE,
    REPLICA_WRITE_CHANGED_NOTHING,
    /** One dot names two versions: one of them was altered after it was made, by no fault that a checksum sees. */
    VERSION_ALTERED,
    ACTOR_RENEWED,
    MEMBER_DOWN,
    MEMBER_UP,
    RING_SETTLED,
    PROPOSAL_SUPERSEDED,
    PROPOSAL_WITHDRAWN,
    RANGE_PULLED,
    RANGE_OFFERED,
    /** A page of a range that this node is asked for waits, because clients do. */
    RANGE_HELD_BACK,
    /** It waited for so long that its asker is told to ask later. */
    RANGE_PUT_OFF,
    PARTITION_DROPPED,
    HINT_MOVED,
    HINT_HANDED_ON,
    /** More is kept for an owner that is away, or for longer, than the bounds say; counted once an absence and loop. */
    HINT_BOUND_MET,
    /** A hint is kept no longer for an owner that stays away, but told to the others. */
    HINT_RETIRED,
    REQUEST_NOT_OWNER,
    OWNER_ASKED_AS_FALLBACK,
    /** What another owner asks in an exchange waits, because clients do. */
    EXCHANGE_HELD_BACK,
    EXCHANGE_FOUND_EQUAL,
    EXCHANGE_REPAIRED,
    EXCHANGE_FAILED,
    /** A reader was told that this node may lack what it asks for. */
    READ_OF_LACKING,
    /** A partition that was lacking is whole again. */
    PARTITION_MENDED,
    /** A node goes over to a ring of which it is a member and knows nothing: all that it holds is lacking. */
    RING_FORGOTTEN,
    /** Something was not taken, because it is older than a collection of deletes, or than a promise. */
    OUTDATED_REFUSED,
    /** A read did not count an answer that is older than a collection. */
    OUTDATED_ANSWER_PASSED_OVER,
    /** A round of collection was committed, by its leader. */
    COLLECTION_COMMITTED,
    COLLECTION_GIVEN_UP,
    /** A key of which all had only deletes was forgotten here. */
    KEY_COLLECTED,
    /** This node heard of a collection that it knows of no promise for. */
    COLLECTION_UNKNOWN_HERE
}
