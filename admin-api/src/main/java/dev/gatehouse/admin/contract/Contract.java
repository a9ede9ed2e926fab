package dev.gatehouse.admin.contract;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The OpenAPI document of the admin endpoint. Immutable, thread-safe.
 *
 * @param json the document as it is served
 */
public record Contract(JsonObject json, List<Operation> operations) {

    private static final String RESOURCE = "/openapi.yaml";

    /** On operations that are about the caller alone: whoever is signed in may, whatever the roles. */
    private static final String ANYONE = "x-anyone";

    /** Reads it from the program itself. Blocking. */
    public static Contract load() {
        try (InputStream resource = Contract.class.getResourceAsStream(RESOURCE)) {
            Map<String, Object> yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(resource);
            return of(new JsonObject(new JsonObject(yaml).encode())); // encoded once: everything inside becomes JSON
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Contract of(JsonObject json) {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, Object> path : json.getJsonObject("paths")) {
            for (Map.Entry<String, Object> method : (JsonObject) path.getValue()) {
                operations.add(operation(json, path.getKey(), method.getKey(), (JsonObject) method.getValue()));
            }
        }
        return new Contract(json, List.copyOf(operations));
    }

    private static Operation operation(JsonObject document, String path, String method, JsonObject operation) {
        String id = operation.getString("operationId");
        List<Operation.Parameter> parameters = new ArrayList<>();
        for (Object each : operation.getJsonArray("parameters", new JsonArray())) {
            JsonObject parameter = (JsonObject) resolve(document, each);
            parameters.add(new Operation.Parameter(
                    parameter.getString("name"),
                    Operation.In.valueOf(parameter.getString("in").toUpperCase(Locale.ROOT)),
                    new Schema(
                            (JsonObject) resolve(document, parameter.getJsonObject("schema")),
                            id + " " + parameter.getString("name"))));
        }
        Optional<Schema> body = Optional.ofNullable(operation.getJsonObject("requestBody"))
                .map(request -> request.getJsonObject("content").getJsonObject("application/json"))
                .map(content -> new Schema((JsonObject) resolve(document, content.getJsonObject("schema")), id));
        boolean open = operation.containsKey("security")
                && operation.getJsonArray("security").isEmpty();
        HttpMethod verb = HttpMethod.valueOf(method.toUpperCase(Locale.ROOT));
        boolean anyone = operation.getBoolean(ANYONE, false);
        boolean writes = !open && !verb.equals(HttpMethod.GET) && !anyone;
        return new Operation(id, verb, path, open, anyone, writes, List.copyOf(parameters), body);
    }

    /** The value with all references in it replaced by what they name. */
    private static Object resolve(JsonObject document, Object value) {
        if (value instanceof JsonArray array) {
            JsonArray resolved = new JsonArray();
            array.forEach(item -> resolved.add(resolve(document, item)));
            return resolved;
        }
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        if (object.containsKey("$ref")) {
            Object target = document;
            for (String step : object.getString("$ref").substring("#/".length()).split("/", -1)) {
                target = ((JsonObject) target).getValue(step);
            }
            return resolve(document, target);
        }
        JsonObject resolved = new JsonObject();
        object.forEach(field -> resolved.put(field.getKey(), resolve(document, field.getValue())));
        return resolved;
    }
}
