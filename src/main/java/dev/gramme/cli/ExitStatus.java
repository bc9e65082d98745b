package dev.gramme.cli;

/** What the client commands exit with; documented in their help. */
final class ExitStatus {
    static final int OK = 0;
    static final int NOT_FOUND = 1;
    static final int USAGE = 2;
    static final int SIBLINGS = 3;
    static final int FAILED = 4;
    static final int INDETERMINATE = 5;

    private ExitStatus() {}
}
