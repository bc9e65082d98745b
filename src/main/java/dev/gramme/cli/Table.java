package dev.gramme.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns that line up, for terminals. */
final class Table {
    private final List<String[]> rows = new ArrayList<>();

    Table row(Object... cells) {
        String[] row = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            row[i] = String.valueOf(cells[i]);
        }
        rows.add(row);
        return this;
    }

    /** The rows, two spaces between columns, each line ended. */
    @Override
    public String toString() {
        List<Integer> widths = new ArrayList<>();
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                int width = row[i].codePointCount(0, row[i].length());
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]);
                int pad = widths.get(i) - row[i].codePointCount(0, row[i].length()) + 2;
                line.append(" ".repeat(i == row.length - 1 ? 0 : pad));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
