package dev.gramme;

import org.junit.jupiter.api.Test;

class PlaceholderTest {
    @Test
    void runs() {}
}
