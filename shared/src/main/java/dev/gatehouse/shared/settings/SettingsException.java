package dev.gatehouse.shared.settings;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Settings with which no process may start: all problems at once. Its message is a numbered list. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What a main exits with. */
    public static final int EXIT_STATUS = 3;

    private final transient List<String> problems;

    public SettingsException(List<String> problems) {
        super(numbered(problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }

    /** Problems for people: one a line, counted from 1. */
    public static String numbered(List<String> problems) {
        return IntStream.range(0, problems.size())
                .mapToObj(i -> (i + 1) + ". " + problems.get(i))
                .collect(Collectors.joining("\n"));
    }
}
