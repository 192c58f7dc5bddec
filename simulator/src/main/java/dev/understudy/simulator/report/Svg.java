package dev.understudy.simulator.report;

import java.util.Locale;

/** A drawing, piece by piece. */
final class Svg {
    private static final String[] COLORS = {"#cf5c36", "#2f6fb3", "#3b8c5a", "#8b5fbf", "#a8842c"};

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height) {
        text.append("<svg viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" role=\"img\">\n");
    }

    /** The color of the chain at a place. */
    static String color(int index) {
        return COLORS[index % COLORS.length];
    }

    Svg line(double x1, double y1, double x2, double y2) {
        return add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#8888\"/>", x1, y1, x2, y2);
    }

    Svg label(double x, double y, String anchor, String words) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"" + anchor + "\">", x, y);
        text.append(HtmlReport.escaped(words)).append("</text>\n");
        return this;
    }

    Svg box(double x, double y, double width, double height, String color, double opacity) {
        return add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"" + color + "\" opacity=\"%.2f\"/>",
                x,
                y,
                width,
                height,
                opacity);
    }

    Svg curve(String points, String color) {
        text.append("<polyline fill=\"none\" stroke-width=\"1.8\" stroke=\"")
                .append(color)
                .append("\" points=\"")
                .append(points)
                .append("\"/>\n");
        return this;
    }

    private Svg add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
        return this;
    }

    String end() {
        return text + "</svg>\n";
    }
}
