package dev.understudy.simulator.report;

import java.util.ArrayList;
import java.util.List;

/** A table for a terminal: a column for each chain. */
public final class TextReport {
    private TextReport() {}

    /** Its lines. */
    public static List<String> lines(Results results) {
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("seed " + results.seed()));
        results.runs().forEach(run -> heading.add(run.name()));
        rows.add(heading);
        for (Figure figure : Figure.ALL) {
            List<String> row = new ArrayList<>(List.of(figure.name()));
            results.runs().forEach(run -> row.add(figure.text(run.measures())));
            rows.add(row);
        }
        return aligned(rows);
    }

    /** Rows in columns: the first one from the left, figures from the right. */
    public static List<String> aligned(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                int blanks = widths[i] - cell.length();
                line.repeat(" ", i == 0 ? 0 : blanks + 2).append(cell).repeat(" ", i == 0 ? blanks : 0);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
