package dev.understudy.simulator.report;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** One page with the table and plots of it, which needs nothing else: no script, no font, no network. */
public final class HtmlReport {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
            h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
            table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid #d8dee4;text-align:right}
            td:first-child,th:first-child{text-align:left;font-weight:normal}
            svg{width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:#57606a}
            p{color:#57606a}
            @media(prefers-color-scheme:dark){body{background:#14171a;color:#e6e8ea}td,th{border-color:#30363d}
            svg text,p{fill:#9aa4ae;color:#9aa4ae}}
            """;

    private HtmlReport() {}

    /** Writes the page. */
    public static void write(Results results, Writer to) throws IOException {
        to.write("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\">"
                + "<title>Understudy: what a chain is worth</title><style>\n" + STYLE + "</style></head><body>\n"
                + "<h1>What a chain is worth</h1>\n<p>The engine as it is in production, in virtual time; seed "
                + results.seed() + ".</p>\n");
        table(results, to);
        to.write("<h2>Time to the first token</h2>\n<p>The share of the answered calls that had it by then.</p>\n");
        to.write(QuantilePlot.svg(results));
        for (Results.Run run : results.runs()) {
            to.write("<h2>" + escaped(run.name()) + "</h2>\n<p>" + escaped(String.join(", ", run.targets()))
                    + ". Above, the share of calls that were answered; below, the weather: pale for a brown-out, dark"
                    + " for an outage.</p>\n");
            to.write(WeatherPlot.svg(run));
        }
        to.write("</body></html>\n");
    }

    private static void table(Results results, Writer to) throws IOException {
        to.write("<table><thead><tr><th></th>");
        List<Results.Run> runs = results.runs();
        for (int i = 0; i < runs.size(); i++) {
            to.write("<th style=\"color:" + Svg.color(i) + "\">"
                    + escaped(runs.get(i).name()) + "</th>");
        }
        to.write("</tr></thead><tbody>\n");
        for (Figure figure : Figure.ALL) {
            to.write("<tr><td>" + escaped(figure.name()) + "</td>");
            for (Results.Run run : runs) {
                to.write("<td>" + figure.text(run.measures()) + "</td>");
            }
            to.write("</tr>\n");
        }
        to.write("</tbody></table>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
