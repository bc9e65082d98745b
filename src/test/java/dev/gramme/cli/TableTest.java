package dev.gramme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columns_line_up_and_lines_end_without_blanks() {
        Table table = new Table().row("NODE", "STATE").row("a-long-name", 1).row("é", "");

        assertThat(table.toString()).isEqualTo("""
                NODE         STATE
                a-long-name  1
                é
                """);
    }
}
