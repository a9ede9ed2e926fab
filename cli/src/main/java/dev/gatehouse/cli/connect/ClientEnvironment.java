package dev.gatehouse.cli.connect;

import java.util.LinkedHashMap;
import java.util.Map;

/** By which variables programs find a local address, for each kind of resource. Pure. */
final class ClientEnvironment {

    private ClientEnvironment() {}

    /** @param kind of the resource; empty if it is not known */
    static Map<String, String> of(String kind, String host, int port) {
        String number = Integer.toString(port);
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("GATEHOUSE_HOST", host);
        variables.put("GATEHOUSE_PORT", number);
        if (kind.equals("postgres") || kind.isEmpty()) {
            variables.put("PGHOST", host);
            variables.put("PGPORT", number);
            variables.put("PGHOSTADDR", host);
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
