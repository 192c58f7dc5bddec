package dev.understudy.simulator.cli;

import dev.understudy.simulator.rules.BrokenRule;
import dev.understudy.simulator.settings.InvalidSimulation;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The entry point of {@code ./understudy simulate}. */
public final class Main {
    /** The settings are invalid, or a rule is violated: an error that the user can correct. */
    static final int EXIT_OPERATOR = 1;
    /** An internal error; EX_SOFTWARE in sysexits.h. */
    static final int EXIT_SOFTWARE = 70;

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line, ready to execute. */
    public static CommandLine commandLine() {
        return new CommandLine(new SimulateCommand()).setExecutionExceptionHandler(Main::report);
    }

    private static int report(Exception failure, CommandLine line, ParseResult parsed) {
        int exit = switch (failure) {
            case InvalidSimulation broken -> {
                broken.problems().forEach(line.getErr()::println);
                yield EXIT_OPERATOR;
            }
            case NoSuchFileException missing -> {
                line.getErr().println(missing.getFile() + ": no such file");
                yield EXIT_OPERATOR;
            }
            case BrokenRule broken -> {
                line.getErr().println(broken.getMessage());
                yield EXIT_OPERATOR;
            }
            default -> {
                line.getErr().println("understudy simulate failed: " + failure.getMessage());
                failure.printStackTrace(line.getErr());
                yield EXIT_SOFTWARE;
            }
        };
        line.getErr().flush();
        return exit;
    }
}
