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
        text.append("<line x1=\"").append(tenths(x1)).append("\" y1=\"").append(tenths(y1));
        text.append("\" x2=\"").append(tenths(x2)).append("\" y2=\"").append(tenths(y2));
        text.append("\" stroke=\"#8888\"/>\n");
        return this;
    }

    Svg label(double x, double y, String anchor, String words) {
        text.append("<text x=\"").append(tenths(x)).append("\" y=\"").append(tenths(y));
        text.append("\" text-anchor=\"").append(anchor).append("\">");
        text.append(HtmlReport.escaped(words)).append("</text>\n");
        return this;
    }

    Svg box(double x, double y, double width, double height, String color, double opacity) {
        text.append("<rect x=\"").append(tenths(x)).append("\" y=\"").append(tenths(y));
        text.append("\" width=\"").append(tenths(width)).append("\" height=\"").append(tenths(height));
        text.append("\" fill=\"")
                .append(color)
                .append("\" opacity=\"")
                .append(opacity)
                .append("\"/>\n");
        return this;
    }

    Svg curve(String points, String color) {
        text.append("<polyline fill=\"none\" stroke-width=\"1.8\" stroke=\"")
                .append(color)
                .append("\" points=\"")
                .append(points)
                .append("\"/>\n");
        return this;
    }

    private static String tenths(double length) {
        return String.format(Locale.ROOT, "%.1f", length);
    }

    String end() {
        return text + "</svg>\n";
    }
}
