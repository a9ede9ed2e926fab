package dev.gatehouse.bench.target;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Enrols the agents of a load as real ones are: a join token by REST, then a request and a certificate each. */
public final class Identities implements AutoCloseable {

    /** An enrolled agent. */
    public record Identity(UUID agentId, String name, PrivateKey key, X509Certificate certificate) {}

    private static final int AT_ONCE = 8;
    private static final int STEP = 500;

    private final Target target;
    private final Rest rest;
    private final ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);

    public Identities(Target target) throws BenchException {
        this.target = target;
        this.rest = new Rest(target);
    }

    /** So many new agents; tells progress on standard error. */
    public List<Identity> enrol(int count) throws BenchException, InterruptedException {
        String token = joinToken(count);
        String run = Long.toString(System.currentTimeMillis(), 36);
        List<Future<Identity>> pending = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "bench-" + run + "-" + i;
            pending.add(workers.submit(() -> enrol(token, name)));
        }
        List<Identity> identities = new ArrayList<>(count);
        for (Future<Identity> next : pending) {
            try {
                identities.add(next.get());
            } catch (ExecutionException e) {
                throw new BenchException("enrolment", e.getCause());
            }
            if (identities.size() % STEP == 0) {
                System.err.printf("bench: %d of %d agents enrolled%n", identities.size(), count);
            }
        }
        return identities;
    }

    private String joinToken(int uses) throws BenchException, InterruptedException {
        return rest.post("join-tokens", new JsonObject().put("uses", uses).put("ttlSeconds", 3600))
                .getString("token");
    }

    private Identity enrol(String token, String name) throws BenchException, InterruptedException {
        AgentKey key = AgentKey.generate();
        String csr = Base64.getEncoder().encodeToString(Csr.make(key, name).getBytes());
        JsonObject answer = rest.postTo(
                target.accessUrl() + "/enrol",
                new JsonObject().put("token", token).put("csr", csr).put("name", name));
        try {
            return new Identity(
                    UUID.fromString(answer.getString("agentId")),
                    answer.getString("name"),
                    privateKey(key),
                    Pem.certificates(answer.getString("certificate")).getFirst());
        } catch (GeneralSecurityException e) {
            throw new BenchException("certificate", e);
        }
    }

    private static PrivateKey privateKey(AgentKey key) throws GeneralSecurityException {
        String base64 = key.pem().replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    @Override
    public void close() {
        workers.shutdownNow();
        rest.close();
    }
}
