package dev.understudy.gateway.cli;

import dev.understudy.calls.config.InvalidSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The entry point of {@code ./understudy}. */
@Command(
        name = "understudy",
        description = {"When the lead model cannot go on, the understudy does.", ""},
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "  simulate Measures what a chain is worth, in virtual time. Calls no provider.",
            "",
            "understudy COMMAND --help describes each command."
        })
public final class Main implements Runnable {
    /** Invalid settings or an unknown name: an error that the operator can correct. */
    static final int EXIT_OPERATOR = 1;
    /** A fault of ours; sysexits.h calls it EX_SOFTWARE. */
    static final int EXIT_SOFTWARE = 70;

    @Spec
    private CommandSpec spec;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        CommandContext surroundings = CommandContext.ofProcess();
        CommandLine line = commandLine(
                surroundings,
                new ServeCommand(surroundings, new ForegroundGateway()),
                new DemoCommand(surroundings, new DemoPerformance()));
        System.exit(line.execute(args));
    }

    /**
     * The command line, ready to execute.
     *
     * @param surroundings where commands run
     * @param further commands besides those that only look, such as {@link ServeCommand} and {@link DemoCommand} with
     *     the gateway that they start
     */
    public static CommandLine commandLine(CommandContext surroundings, Object... further) {
        CommandLine line = new CommandLine(new Main());
        for (Object command : further) {
            line.addSubcommand(command);
        }
        return line.addSubcommand(new CheckCommand(surroundings))
                .addSubcommand(new ImportCommand(surroundings))
                .addSubcommand(new ExplainCommand(surroundings, new GatewayHealth()))
                .setExecutionExceptionHandler(Main::report);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    /** A fault of the configuration is one line per problem; anything else is ours, and is shown whole. */
    private static int report(Exception failure, CommandLine line, ParseResult parsed) {
        if (failure instanceof InvalidSettings broken) {
            broken.problems().forEach(line.getErr()::println);
            line.getErr().flush();
            return EXIT_OPERATOR;
        }
        line.getErr().println("understudy " + line.getCommandName() + " failed: " + failure.getMessage());
        failure.printStackTrace(line.getErr());
        line.getErr().flush();
        return EXIT_SOFTWARE;
    }

    /** The version that the build wrote into the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"understudy " + (version == null ? "(not packaged)" : version)};
        }
    }
}
