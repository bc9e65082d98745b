package dev.gramme.antientropy;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What {@link ExchangeCost} measured, as a picture: bytes and time by the number of keys that differ, each beside a full copy. Both axes are logarithmic; where nothing differs is at the left edge. */
final class ExchangePlot {
    private static final int WIDTH = 380;
    private static final int HEIGHT = 260;
    private static final int LEFT = 70;
    private static final int TOP = 40;
    private static final int BELOW = 60;
    private static final int BETWEEN = 40;
    private static final String LINE = "#2563a8";
    private static final String COPY = "#b45309";
    private static final String GREY = "#888888";

    private final List<ExchangeCost.Cost> costs;
    private final ExchangeCost.Cost copy;
    private final double decades;
    private final StringBuilder out = new StringBuilder();

    /**
     * @param costs by the number of keys that differ, in order; the last is all of them
     * @param copy of all states
     */
    ExchangePlot(List<ExchangeCost.Cost> costs, ExchangeCost.Cost copy) {
        this.costs = costs;
        this.copy = copy;
        // One more, for none.
        this.decades = 1 + Math.log10(costs.getLast().differing());
    }

    String svg(String title) {
        int panel = LEFT + WIDTH;
        int width = 2 * panel + 2 * BETWEEN;
        int height = TOP + HEIGHT + BELOW;
        out.setLength(0);
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n",
                width, height, width, height);
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n", width, height);
        text(width / 2.0, 16, "middle", "#222222", title);
        panel(LEFT, "bytes of all messages, both ways", ExchangeCost.Cost::bytes, 3, 9, "B");
        panel(LEFT + panel + BETWEEN, "processor time of both sides", cost -> Math.max(1, cost.millis()), 0, 5, "ms");
        return out.append("</svg>\n").toString();
    }

    /**
     * @param from the power of ten at the bottom
     * @param to the one at the top
     */
    private void panel(int x, String name, ToDoubleFunction<ExchangeCost.Cost> value, int from, int to, String unit) {
        text(x + WIDTH / 2.0, 34, "middle", "#222222", name);
        for (int power = from; power <= to; power++) {
            double y = y(Math.pow(10, power), from, to);
            add("<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/>\n", x, y, x + WIDTH);
            text(x - 6, y + 4, "end", GREY, label(power, unit));
        }
        for (int i = 0; i <= decades; i++) {
            double at = x + WIDTH * i / decades;
            text(
                    at,
                    TOP + HEIGHT + 18,
                    "middle",
                    GREY,
                    i == 0 ? "0" : String.format(Locale.ROOT, "%,.0f", Math.pow(10, i - 1)));
        }
        text(x + WIDTH / 2.0, TOP + HEIGHT + 40, "middle", "#222222", "keys that differ");
        double level = y(value.applyAsDouble(copy), from, to);
        add(
                "<path d=\"M%d %.1fH%d\" stroke=\"%s\" stroke-dasharray=\"6 4\" stroke-width=\"1.5\"/>\n",
                x, level, x + WIDTH, COPY);
        text(x + 8, level - 6, "start", COPY, "a full copy");
        StringBuilder path = new StringBuilder();
        for (ExchangeCost.Cost cost : costs) {
            double at = x(x, cost);
            double y = y(value.applyAsDouble(cost), from, to);
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", at, y));
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n", at, y, LINE);
        }
        add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>\n", path, LINE);
    }

    private double x(int left, ExchangeCost.Cost cost) {
        double decade = cost.differing() == 0 ? 0 : 1 + Math.log10(cost.differing());
        return left + WIDTH * decade / decades;
    }

    private static double y(double value, int from, int to) {
        double share = (Math.log10(value) - from) / (to - from);
        return TOP + HEIGHT * (1 - Math.clamp(share, 0, 1));
    }

    private static String label(int power, String unit) {
        String[] prefixes = unit.equals("B") ? new String[] {"B", "KB", "MB", "GB"} : new String[] {"ms", "s"};
        return Math.round(Math.pow(10, power % 3)) + " " + prefixes[power / 3];
    }

    private void text(double x, double y, String anchor, String colour, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x, y, anchor, colour, text);
    }

    private void add(String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments));
    }
}
