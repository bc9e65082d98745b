package dev.gramme.replica;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gramme.version.Dot;
import org.junit.jupiter.api.Test;

class OwnActorsTest {
    @Test
    void what_an_actor_minted_before_this_life_is_not_of_it() {
        OwnActors actors = new OwnActors();
        assertTrue(actors.isEmpty());

        actors.minted(new Dot(7, 100));
        actors.minted(new Dot(7, 101));

        assertTrue(actors.contains(new Dot(7, 100)));
        assertTrue(actors.contains(new Dot(7, 101)));
        assertFalse(actors.contains(new Dot(7, 99)), "its image may have been put back");
        assertFalse(actors.contains(new Dot(8, 100)));
    }
}
