package dev.gatehouse.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The server said no: its HTTP status, the problem's stable code, and what people need to know. */
public final class ApiProblem extends CliException {

    private static final long serialVersionUID = 1;

    private final int status;

    private ApiProblem(int status, Exit exit, String message) {
        super(exit, message);
        this.status = status;
    }

    public int status() {
        return status;
    }

    static ApiProblem of(int status, byte[] body) {
        JsonNode problem = read(body);
        List<String> parts = new ArrayList<>();
        String detail = Json.text(problem, "detail");
        parts.add(detail.isEmpty() ? Json.text(problem, "title") : detail);
        problem.path("errors")
                .forEach(error -> parts.add(Json.text(error, "field") + ": " + Json.text(error, "allowed")));
        parts.removeIf(String::isBlank);
        String text = parts.isEmpty() ? "the server answered " + status : String.join("; ", parts);
        return switch (status) {
            case 401 -> new ApiProblem(status, Exit.NOT_ALLOWED, "not signed in: " + text);
            case 403 -> new ApiProblem(status, Exit.NOT_ALLOWED, "not allowed: " + text);
            case 502, 503, 504 -> new ApiProblem(status, Exit.NOT_REACHABLE, "the server cannot do it now: " + text);
            default -> new ApiProblem(status, Exit.FAILED, text);
        };
    }

    private static JsonNode read(byte[] body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (IOException notAProblem) {
            return Json.MAPPER.createObjectNode();
        }
    }
}
