package dev.gramme.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gramme.node.BackgroundPace;
import dev.gramme.ring.NodeId;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node makes of its configuration, and what it refuses to start with. */
class NodePlanTest {
    private static NodePlan plan(String... pairs) {
        return at("127.0.0.1:8081", pairs);
    }

    private static NodePlan at(String http, String... pairs) {
        Map<String, String> properties =
                new HashMap<>(Map.of("gramme.node-id", "n1", "gramme.bridge", "127.0.0.1:7801"));
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put("gramme." + pairs[i], pairs[i + 1]);
        }
        NodeConfig config = new SmallRyeConfigBuilder()
                .withMapping(NodeConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(NodeConfig.class);
        return NodePlan.of(config, http);
    }

    @Test
    void who_listens_everywhere_tells_others_the_address_that_its_bridge_is_reached_at() {
        String[] container = {"bridge", "0.0.0.0:7800", "advertise", "n1.example:7800"};
        assertThat(at("0.0.0.0:8080", container).http()).isEqualTo("n1.example:8080");
        assertThat(at("[::]:8080", container).http()).isEqualTo("n1.example:8080");
        assertThat(at("10.0.0.1:8080", container).http()).isEqualTo("10.0.0.1:8080");
    }

    @Test
    void a_node_with_neither_members_nor_seeds_is_a_cluster_of_one() {
        Place place = plan("zone", "a", "weight", "7").place();
        assertThat(place.initial().members().keySet()).containsExactly(new NodeId("n1"));
        assertThat(place.initial().members().get(new NodeId("n1")).weight()).isEqualTo(7);
        assertThat(place.bridges()).isEmpty();
    }

    @Test
    void a_listed_node_starts_with_the_first_ring_and_has_zone_and_weight_from_the_list() {
        Place place =
                plan("members", "n1=h1:1/a/50,n2=h2:2,n3=h3:3/c", "zone", "b").place();
        assertThat(place.initial().members()).hasSize(3);
        assertThat(place.zone()).isEqualTo("a");
        assertThat(place.weight()).isEqualTo(50);
        assertThat(place.bridge()).isEqualTo("h1:1");
        assertThat(place.initial().members().get(new NodeId("n2")).zone()).isEqualTo("b");
        assertThat(place.bridges()).containsOnlyKeys(new NodeId("n2"), new NodeId("n3"));
    }

    @Test
    void a_node_with_seeds_alone_has_no_ring_and_joins() {
        Place place = plan("seeds", "h2:7800, h3:7800", "advertise", "h1:7800").place();
        assertThat(place.initial()).isNull();
        assertThat(place.bridge()).isEqualTo("h1:7800");
        assertThat(place.seeds()).hasSize(2);
    }

    @Test
    void a_node_that_the_list_does_not_name_joins_by_its_seeds() {
        Place place = plan("members", "n2=h2:2,n3=h3:3", "seeds", "h2:2").place();
        assertThat(place.initial()).isNull();
        assertThat(place.bridges()).hasSize(2);
    }

    @Test
    void a_listed_node_may_have_seeds_too() {
        Place place = plan("members", "n1=h1:1,n2=h2:2", "seeds", "nodes:7800").place();
        assertThat(place.initial()).isNotNull();
        assertThat(place.seeds()).hasSize(1);
    }

    @Test
    void a_node_that_is_in_no_list_and_has_no_seeds_is_refused() {
        assertThatThrownBy(() -> plan("members", "n2=h2:2"))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("n1")
                .hasMessageContaining("--seeds");
    }

    @Test
    void seeds_that_name_nobody_but_this_node_are_refused() {
        assertThatThrownBy(() -> plan("seeds", "127.0.0.1:7801"))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("nobody but this node");
        assertThatThrownBy(() -> plan("seeds", "h1:7800,127.0.0.1:7801", "advertise", "h1:7800"))
                .isInstanceOf(StartRefusedException.class);
        assertThat(plan("seeds", "h2:7800,127.0.0.1:7801").place().seeds()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "zone/x", "ä", "0123456789012345678901234567890123456789012345678901234567890123456789"})
    void a_zone_that_is_none_is_refused_by_the_flag_and_in_the_list(String zone) {
        assertThatThrownBy(() -> plan("zone", zone))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("not a zone");
        assertThatThrownBy(() -> plan("members", "n1=h1:1/" + zone)).isInstanceOf(StartRefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001"})
    void a_weight_that_is_none_is_refused_by_the_flag_and_in_the_list(String weight) {
        assertThatThrownBy(() -> plan("weight", weight))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("1 to 1000");
        assertThatThrownBy(() -> plan("members", "n1=h1:1/a/" + weight))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("1 to 1000");
        assertThatThrownBy(() -> plan("members", "n1=h1:1/a/heavy"))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("'heavy'");
    }

    @Test
    void a_weight_that_contradicts_the_list_is_refused() {
        assertThatThrownBy(() -> plan("members", "n1=h1:1/a/50,n2=h2:2", "weight", "60"))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("n1=h1:1/a/60");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "h2:0", "h2:99999", ":7800", "n2=h2:7800"})
    void a_seed_that_is_no_address_is_refused(String seed) {
        assertThatThrownBy(() -> plan("seeds", seed)).isInstanceOf(StartRefusedException.class);
    }

    @Test
    void background_work_gives_way_to_clients_unless_the_configuration_says_otherwise() {
        assertThat(plan().backgroundPace()).isEqualTo(BackgroundPace.ADAPTIVE);
        assertThat(plan("background-pace", "unlimited").backgroundPace()).isEqualTo(BackgroundPace.UNLIMITED);
        assertThatThrownBy(() -> plan("background-pace", "fast"))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("--background-pace is adaptive or unlimited, not 'fast'");
    }
}
