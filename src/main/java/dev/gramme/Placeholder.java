package dev.gramme;

final class Placeholder {
    private Placeholder() {}
}
