package dev.gramme.ring;

import java.util.regex.Pattern;

/** A node's name, unique in its cluster and kept for its life: letters, digits, dot, dash, underscore; 1 to 64 of them. */
public record NodeId(String name) implements Comparable<NodeId> {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public NodeId {
        if (!ALLOWED.matcher(name).matches()) {
            throw new IllegalArgumentException("not a node id: '" + name
                    + "'. Use 1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
