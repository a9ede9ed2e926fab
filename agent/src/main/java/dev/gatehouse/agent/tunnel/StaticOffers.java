package dev.gatehouse.agent.tunnel;

import dev.gatehouse.agent.settings.ResourceSettings;
import dev.gatehouse.protocol.message.CloseCode;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The resources of the agent's file. Thread-safe. */
public final class StaticOffers implements Offers {

    private static final Map<String, Integer> PORTS = Map.of(
            "postgres",
            5432,
            "mysql",
            3306,
            "redis",
            6379,
            "ssh",
            22,
            "rdp",
            3389,
            "vnc",
            5900,
            "http",
            80,
            "https",
            443);

    private final Map<String, Answer> answers = new HashMap<>();

    public StaticOffers(List<ResourceSettings> resources) {
        resources.forEach(resource -> answers.put(resource.name(), answer(resource)));
    }

    @Override
    public Answer find(String resource) {
        return answers.getOrDefault(
                resource, new Refusal(CloseCode.UNKNOWN_RESOURCE, "this agent does not offer '" + resource + "'"));
    }

    private static Answer answer(ResourceSettings resource) {
        URI uri = URI.create(resource.uri());
        int port = uri.getPort() >= 0
                ? uri.getPort()
                : PORTS.getOrDefault(uri.getScheme(), PORTS.getOrDefault(resource.kind(), -1));
        if (uri.getHost() == null || port < 0) {
            return new Refusal(
                    CloseCode.TARGET_UNREACHABLE,
                    "the agent's file has '" + resource.uri() + "' for '" + resource.name()
                            + "'; SCHEME://HOST:PORT is needed");
        }
        return new Target(uri.getHost().replace("[", "").replace("]", ""), port, resource.kind());
    }
}
