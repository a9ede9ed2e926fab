package dev.gatehouse.cli.connect;

import java.util.LinkedHashMap;
import java.util.Map;

/** By which variables programs find a local address, for each kind of resource. Pure. */
final class ClientEnvironment {

    /** Labels of a database that say who is expected there, and where. */
    private static final Map<String, String> PERSON = Map.of("user", "PGUSER", "database", "PGDATABASE");

    private ClientEnvironment() {}

    /** Whether a variable is the user's own choice, if there is one. */
    static boolean isPerson(String variable) {
        return PERSON.containsValue(variable);
    }

    /**
     * @param kind of the resource; empty if it is not known
     * @param labels of the resource
     */
    static Map<String, String> of(String kind, Map<String, String> labels, String host, int port) {
        String number = Integer.toString(port);
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("GATEHOUSE_HOST", host);
        variables.put("GATEHOUSE_PORT", number);
        if (kind.equals("postgres") || kind.isEmpty()) {
            variables.put("PGHOST", host);
            variables.put("PGPORT", number);
            variables.put("PGHOSTADDR", host);
        }
        if (kind.equals("postgres")) {
            PERSON.forEach((label, variable) -> {
                if (labels.containsKey(label)) {
                    variables.put(variable, labels.get(label));
                }
            });
        }
        if (kind.equals("mysql") || kind.isEmpty()) {
            variables.put("MYSQL_HOST", host);
            variables.put("MYSQL_TCP_PORT", number);
        }
        if (kind.equals("redis")) {
            variables.put("REDIS_HOST", host);
            variables.put("REDIS_PORT", number);
            variables.put("REDIS_URL", "redis://" + host + ":" + number);
        }
        return variables;
    }
}
