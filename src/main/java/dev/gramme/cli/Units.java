package dev.gramme.cli;

import java.util.Locale;

/** Amounts as people read them. */
final class Units {
    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Units() {}

    /** {@code 1536} is {@code 1.5 KiB}. */
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit + 1 < BYTES.length) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, BYTES[unit]);
    }

    static String seconds(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        return minutes < 60 ? minutes + " min " + seconds % 60 + " s" : minutes / 60 + " h " + minutes % 60 + " min";
    }

    /** {@code part} of {@code whole}, in percent. */
    static String share(long part, long whole) {
        return whole == 0 ? "0%" : String.format(Locale.ROOT, "%.1f%%", 100.0 * part / whole);
    }

    /** {@code [####......]}: of so many characters between the brackets, so many are filled. */
    static String bar(double share, int width) {
        int filled = (int) (Math.max(0, Math.min(1, share)) * width);
        return "[" + "#".repeat(filled) + ".".repeat(width - filled) + "]";
    }
}
