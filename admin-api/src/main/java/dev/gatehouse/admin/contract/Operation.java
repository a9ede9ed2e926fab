package dev.gatehouse.admin.contract;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One operation of the contract: what a request for it must look like.
 *
 * @param path below the API's root, with {@code {name}} for parameters
 * @param open whether it may be asked for without having signed in
 * @param anyone whether whoever is signed in may, whatever their roles
 * @param writes whether it needs the permission to change things
 *
 * @param body schema of the JSON that it takes; empty: it takes none
 */
public record Operation(
        String id,
        HttpMethod method,
        String path,
        boolean open,
        boolean anyone,
        boolean writes,
        List<Parameter> parameters,
        Optional<Schema> body) {

    /** Where a parameter stands. */
    public enum In {
        PATH,
        QUERY,
        HEADER
    }

    /** A parameter of text, in the path, the query or a header. */
    record Parameter(String name, In in, Schema schema) {}

    /** Names of query parameters; any other is a mistake. */
    List<String> queryNames() {
        return parameters.stream()
                .filter(parameter -> parameter.in == In.QUERY)
                .map(Parameter::name)
                .toList();
    }

    /**
     * The values of the parameters that are given, by name: {@code Long} or text.
     *
     * @param given texts of a parameter; more than one is a mistake
     *
     * @param queryNames what the query holds
     */
    public Map<String, Object> checkParameters(
            Function<In, Function<String, List<String>>> given,
            Iterable<String> queryNames,
            List<Violation> violations) {
        for (String name : queryNames) {
            if (!queryNames().contains(name)) {
                violations.add(new Violation(
                        name,
                        given.apply(In.QUERY).apply(name).getFirst(),
                        queryNames().isEmpty() ? "no query parameters" : "one of " + String.join(", ", queryNames())));
            }
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            List<String> texts = given.apply(parameter.in).apply(parameter.name);
            if (texts.size() > 1) {
                violations.add(new Violation(parameter.name, String.join(", ", texts), "to be given once"));
            } else if (texts.size() == 1) {
                Object value = parameter.schema.parse(texts.getFirst());
                parameter.schema.check(parameter.name, value, violations);
                values.put(parameter.name, value);
            }
        }
        return values;
    }

    /** What is wrong with a body. */
    public List<Violation> checkBody(JsonObject json) {
        List<Violation> violations = new ArrayList<>();
        body.orElseThrow().check("", json, violations);
        return violations;
    }
}
