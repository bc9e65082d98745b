package dev.gramme.antientropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The picture of {@link ExchangePlot}. */
class ExchangePlotTest {
    @Test
    void each_cost_is_a_point_in_both_panels_and_more_is_higher() throws Exception {
        List<ExchangeCost.Cost> costs = List.of(
                new ExchangeCost.Cost(0, 8_000, 512, 300),
                new ExchangeCost.Cost(1, 9_000, 520, 400),
                new ExchangeCost.Cost(1_000, 500_000, 5_000, 900));
        String svg = new ExchangePlot(costs, new ExchangeCost.Cost(1_000, 180_000, 100, 200)).svg("so many keys");
        Document parsed = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        var points = parsed.getElementsByTagName("circle");
        assertEquals(2 * costs.size(), points.getLength());
        for (int i = 1; i < costs.size(); i++) {
            Element before = (Element) points.item(i - 1);
            Element point = (Element) points.item(i);
            assertTrue(number(point, "cx") > number(before, "cx"), svg);
            assertTrue(number(point, "cy") < number(before, "cy"), svg);
        }
        assertTrue(svg.contains(">so many keys<") && svg.contains(">1,000<") && svg.contains(">100 KB<"), svg);
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
