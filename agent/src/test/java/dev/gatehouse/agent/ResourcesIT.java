package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.gatehouse.agent.settings.AgentFile;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Health;
import dev.gatehouse.protocol.message.Registered;
import dev.gatehouse.protocol.message.RegisteredResource;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.SignedResource;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an agent tells its gateways of its resources, and when. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class ResourcesIT {

    @TempDir
    private Path temp;

    private AgentRig rig;
    private Path file;
    private NetServer target;
    private Agent agent;

    @BeforeEach
    void make() throws Exception {
        rig = new AgentRig(temp);
        rig.enrol();
        file = temp.resolve("agent.yaml");
        target = listen(0);
    }

    @AfterEach
    void close() {
        if (agent != null) {
            Deployment.await(agent.close());
        }
        rig.close();
    }

    @Test
    void offersAreToldWithTheirHealthAndAgainWhenTheFileChanges() throws Exception {
        // GIVEN an agent with two links and a resource
        rig.deployment.addGateway("gateway-2");
        start(echo("echo"));
        await().atMost(AgentRig.PATIENCE)
                .untilAsserted(() -> rig.deployment.gateways.forEach(
                        gateway -> assertThat(health(gateway, "echo")).contains(Health.HEALTHY)));
        // WHEN its file gets another one, and loses the first
        Files.writeString(file, echo("other"));
        // THEN both gateways are told
        await().atMost(AgentRig.PATIENCE)
                .untilAsserted(() -> rig.deployment.gateways.forEach(gateway -> {
                    assertThat(gateway.offered).extracting(Resource::getName).containsExactly("other");
                    assertThat(health(gateway, "other")).contains(Health.HEALTHY);
                }));
        // AND a file that is refused changes nothing
        Files.writeString(file, "resources: nonsense");
        Files.writeString(file, "resources: [{name: bad, kind: bad, uri: bad}]");
        assertThat(agent.resources().find("other")).isPresent();
        // AND the next good one counts
        Files.writeString(file, echo("third"));
        await().atMost(AgentRig.PATIENCE)
                .until(() -> agent.resources().find("third").isPresent());
    }

    @Test
    void healthIsToldAtOnceWhenDialsFail() throws Exception {
        start(echo("echo"));
        await().atMost(AgentRig.PATIENCE)
                .until(() -> health(rig.gateway, "echo").equals(Optional.of(Health.HEALTHY)));
        int port = target.actualPort();
        Deployment.await(target.close());
        agent.resources().dialled("echo", Optional.of("refused"));
        await().atMost(AgentRig.PATIENCE)
                .until(() -> health(rig.gateway, "echo").equals(Optional.of(Health.UNHEALTHY)));
        target = listen(port);
        await().atMost(AgentRig.PATIENCE)
                .until(() -> health(rig.gateway, "echo").equals(Optional.of(Health.HEALTHY)));
    }

    @Test
    void registeredResourcesAreOfferedAsFarAsTheFileAllows() throws Exception {
        // GIVEN an agent that watches for test databases on this host
        start("watch: [{labels: {env: test}, allow: [\"127.0.0.1:*\"]}]");
        await().atMost(AgentRig.PATIENCE).until(() -> !rig.gateway.watched.isEmpty());
        // WHEN a gateway tells of two, of which one is elsewhere
        String here = "tcp://127.0.0.1:" + target.actualPort();
        send(Registered.newBuilder()
                .setFirst(true)
                .setLast(true)
                .setVersion(1)
                .addResources(signed("here", here))
                .addResources(signed("elsewhere", "tcp://10.0.0.1:5432"))
                .build());
        // THEN the one that its file allows is offered, and well
        await().atMost(AgentRig.PATIENCE)
                .until(() -> health(rig.gateway, "here").equals(Optional.of(Health.HEALTHY)));
        assertThat(rig.gateway.offered).hasSize(1);
        assertThat(rig.gateway.offered.getFirst().getRegistered()).isTrue();
        // WHEN it is registered no more
        send(Registered.newBuilder().setFirst(true).setLast(true).setVersion(2).build());
        // THEN it is not offered any more
        await().atMost(AgentRig.PATIENCE).until(() -> rig.gateway.offered.isEmpty());
        assertThat(agent.resources().find("here")).isEmpty();
    }

    private void start(String yaml) throws Exception {
        Files.writeString(file, yaml);
        AgentSettings settings = AgentFile.read(file);
        agent = Deployment.await(Agent.start(rig.vertx, rig.folder, settings, Optional.empty()));
        agent.follow(file, settings);
    }

    private String echo(String name) {
        return "resources: [{name: %s, kind: tcp, uri: \"tcp://127.0.0.1:%d\", labels: {team: a}}]"
                .formatted(name, target.actualPort());
    }

    private NetServer listen(int port) {
        return Deployment.await(
                rig.vertx.createNetServer().connectHandler(socket -> {}).listen(port, "127.0.0.1"));
    }

    private SignedResource signed(String name, String uri) {
        ByteString statement = RegisteredResource.newBuilder()
                .setName(name)
                .setKind("tcp")
                .setUri(uri)
                .putLabels("env", "test")
                .build()
                .toByteString();
        Buffer signature = rig.deployment.nodes.sign(Signatures.resourceToSign(Buffer.buffer(statement.toByteArray())));
        return SignedResource.newBuilder()
                .setStatement(statement)
                .setSignature(ByteString.copyFrom(signature.getBytes()))
                .build();
    }

    private void send(Registered registered) {
        rig.gateway.links.forEach(link -> link.link
                .context()
                .runOnContext(turn -> link.link.send(
                        Control.newBuilder().setRegistered(registered).build())));
    }

    private static Optional<Health> health(FakeGateway gateway, String name) {
        List<Resource> offered = gateway.offered;
        return offered.stream()
                .filter(resource -> resource.getName().equals(name))
                .findFirst()
                .map(resource ->
                        gateway.health.getOrDefault(name, resource.getHealth().getHealth()));
    }
}
