package dev.gramme.rest;

import java.util.Locale;

/** What can go wrong with a request, each with its status and what the user can do. The type URI is {@code urn:gramme:problem:} and the name. */
public enum ProblemKind {
    BAD_KEY(
            400,
            "The key can't be read",
            "A key is one path segment of 1 byte or more, percent-encoded: write a slash as %2F, a percent sign as %25."),
    BAD_BUCKET(400, "The bucket's name is not allowed", "Use 1 to 64 letters, digits, dots, dashes or underscores."),
    BAD_PARAMETER(
            400,
            "A query parameter is wrong",
            "See /q/swagger-ui for the parameters of each operation and their ranges."),
    BAD_CONTEXT(
            400,
            "The context can't be used",
            "Send Gramme-Context exactly as a read of this very key answered it, or read the key again for a new one."),
    BAD_HEADER(400, "A header is wrong", "Correct the header named in the detail."),
    BAD_BODY(400, "The body can't be used", "Send what the operation's description at /q/swagger-ui asks for."),
    BAD_REQUEST(400, "The request can't be read", "Correct what the detail names."),
    KEY_NOT_FOUND(
            404,
            "The key has no value",
            "If Gramme-Context is present the key was deleted, or its value has expired: send it with the next write."),
    NO_SUCH_RESOURCE(404, "Nothing is served at this path", "See /q/swagger-ui for all operations."),
    NO_SUCH_NODE(404, "No such node is known", "See /v1/cluster/members for the nodes that this one knows."),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here", "Use one of the methods in the Allow header."),
    NOT_ACCEPTABLE(
            406,
            "No representation fits the Accept header",
            "Send no Accept header, or one that the operation serves."),
    BODY_TIMEOUT(408, "The body took too long", "Send the body faster, or store a smaller value."),
    TOO_MANY_SIBLINGS(
            409,
            "The key has too many siblings",
            "Read the key, merge its siblings, and write the result with the Gramme-Context of that read."),
    RING_REFUSED(
            409,
            "The ring can't be changed so",
            "Do what the detail says; /v1/cluster/status shows the ring, and /v1/cluster/plan what is staged."),
    NOT_OWNER(409, "This node does not own the partition", "Ask one of its owners: see /v1/cluster/ring."),
    PARTITION_LACKING(
            409,
            "This node does not hold all of the partition",
            "Ask another of its owners; this one is compared with them: /v1/cluster/status says when it is whole."),
    DELETES_FORGOTTEN(
            409,
            "The backup may hold what was deleted since",
            "Restore a newer backup, or this one into another cluster. gramme restore --return-deleted takes it all the same: then what was deleted since comes back."),
    PRECONDITION_FAILED(412, "The key is not as the condition says", "Read the key again, then decide."),
    VALUE_TOO_LARGE(413, "The value is too large", "Split the value over several keys, or compress it."),
    BODY_TOO_LARGE(413, "The body is too large", "Send no more than the operation needs."),
    METADATA_TOO_LARGE(413, "The metadata is too large", "Put large metadata in the value, or under a key of its own."),
    KEY_TOO_LONG(414, "The key is too long", "Use a shorter key, for example a hash of it."),
    UNSUPPORTED_TYPE(415, "The body's content type is not understood here", "Send application/json."),
    INTERNAL(500, "The node made an error", "Try again; if it stays, look in the node's log at this time."),
    STORAGE_BROKEN(500, "The node's disk failed", "Ask another node, and look at this node's log and disk."),
    UNAVAILABLE(
            503,
            "Too few nodes can be reached",
            "Try again soon, or ask for less: a lower r or w, or quorum=sloppy. See /q/health/group/cluster."),
    OVERLOADED(503, "The node has too much to do", "Try again after the time in Retry-After, or ask another node."),
    NOT_READY(503, "The node is starting or stopping", "Try again soon, or ask another node."),
    INDETERMINATE(
            503,
            "The write may or may not have been kept",
            "Retry with the same Idempotency-Key, the one in this answer: it can't be written twice."),
    TIMEOUT(504, "The deadline passed", "Try again, or allow more time with the timeout parameter."),
    STORAGE_FULL(507, "The disk is full", "Free space on the nodes; reads go on, and writes resume by themselves.");

    private final int status;
    private final String title;
    private final String hint;

    ProblemKind(int status, String title, String hint) {
        this.status = status;
        this.title = title;
        this.hint = hint;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public String hint() {
        return hint;
    }

    public String type() {
        return "urn:gramme:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
