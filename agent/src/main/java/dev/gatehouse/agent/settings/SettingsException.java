package dev.gatehouse.agent.settings;

import java.util.List;

/** The agent's file is refused; all that is wrong with it at once. */
public final class SettingsException extends Exception {

    private static final long serialVersionUID = 1;

    private final List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
