package dev.gatehouse.shared.node;

import dev.gatehouse.shared.custody.IdentityException;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;

/** Why a process could not start, for people. Its message is a numbered list. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int FAILED = 1;

    private final transient List<String> problems;
    private final int status;

    public StartException(String problem, Throwable cause) {
        this(List.of(problem), FAILED, cause);
    }

    private StartException(List<String> problems, int status, Throwable cause) {
        super(SettingsException.numbered(problems), cause);
        this.problems = problems;
        this.status = status;
    }

    /** A process that gets no certificate as a node. */
    static StartException of(IdentityException cause) {
        return new StartException(List.of(cause.getMessage()), cause.reason().status(), cause);
    }

    /** An endpoint that could not be bound, named by its key. */
    public static StartException notBound(String key, HostPort address, Throwable cause) {
        return new StartException(key + ": " + address + " cannot be bound: " + reason(cause), cause);
    }

    /** Any failure of a step of the start; the causes are told where they say more. */
    static StartException of(String step, Throwable cause) {
        return cause instanceof StartException known ? known : new StartException(step + ": " + reason(cause), cause);
    }

    /** What a main exits with. */
    public int status() {
        return status;
    }

    public List<String> problems() {
        return problems;
    }

    private static String reason(Throwable cause) {
        List<String> texts = new ArrayList<>();
        for (Throwable each = cause; each != null && texts.size() < 5; each = each.getCause()) {
            String text = each.getMessage() == null ? each.getClass().getSimpleName() : each.getMessage();
            if (texts.stream().noneMatch(known -> known.contains(text))) {
                texts.add(text);
            }
        }
        return String.join(": ", texts);
    }
}
