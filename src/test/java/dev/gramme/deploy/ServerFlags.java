package dev.gramme.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The flags of {@code gramme server}, as the command line itself declares them. */
final class ServerFlags {

    private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\$\\{env:(GRAMME_[A-Z_]+)(?::-(.*))?}");

    private final CommandSpec spec;

    /** Environment variable to flag. */
    private final Map<String, String> flags = new LinkedHashMap<>();

    private final Map<String, String> defaults = new TreeMap<>();

    ServerFlags() throws ClassNotFoundException {
        spec = CommandSpec.forAnnotatedObject(Class.forName("dev.gramme.cli.ServerCommand"));
        for (OptionSpec option : spec.options()) {
            String declared = option.defaultValueString(false);
            Matcher matcher = FROM_ENVIRONMENT.matcher(declared == null ? "" : declared);
            if (matcher.matches()) {
                flags.put(matcher.group(1), option.longestName());
                if (matcher.group(2) != null) {
                    defaults.put(option.longestName(), matcher.group(2));
                }
            }
        }
    }

    String command() {
        return spec.name();
    }

    /** By environment variable, in the order of the help. */
    Map<String, String> byVariable() {
        return flags;
    }

    int defaultPort(String flag) {
        String address = defaults.get(flag);
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    List<String> namesWithoutVariable() {
        return spec.options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .map(OptionSpec::longestName)
                .filter(name -> !flags.containsValue(name))
                .toList();
    }

    /** Lets the command line parse what a deployment sets, as if given by flags: wrong types and missing ones throw. */
    void parse(Map<String, String> environment) {
        List<String> arguments = new ArrayList<>();
        environment.forEach((variable, value) -> {
            if (flags.containsKey(variable)) {
                arguments.add(flags.get(variable) + "=" + value);
            }
        });
        new CommandLine(spec).parseArgs(arguments.toArray(String[]::new));
    }
}
