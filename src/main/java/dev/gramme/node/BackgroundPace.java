package dev.gramme.node;

/** Whether background work gives way to clients. */
public enum BackgroundPace {
    /** It goes on as fast as clients do not feel it. */
    ADAPTIVE,
    /** As fast as it can: to see what the controller is good for, or where there are no clients to mind. */
    UNLIMITED
}
