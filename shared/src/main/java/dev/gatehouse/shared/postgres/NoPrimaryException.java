package dev.gatehouse.shared.postgres;

import dev.gatehouse.shared.settings.HostPort;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** No node of the database is to be written to now; its message says what is with each. */
final class NoPrimaryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private NoPrimaryException(String message) {
        super(message);
    }

    /** @param troubles of those that have not answered */
    static NoPrimaryException of(
            PrimaryChoice choice, Map<HostPort, HostAnswer> answers, Map<HostPort, String> troubles) {
        Map<HostPort, String> all = new LinkedHashMap<>(troubles);
        answers.forEach((host, answer) -> choice.refusal(answer).ifPresent(reason -> all.put(host, reason)));
        return new NoPrimaryException("no node of the database takes writes: "
                + all.entrySet().stream()
                        .map(one -> one.getKey() + " " + one.getValue())
                        .collect(Collectors.joining("; ")));
    }
}
