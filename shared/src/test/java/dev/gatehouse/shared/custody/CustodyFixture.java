package dev.gatehouse.shared.custody;

import static dev.gatehouse.shared.trust.TestDatabase.failure;
import static dev.gatehouse.shared.trust.TestDatabase.get;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Custody on a real database, and an agent's half of the talk with it. */
final class CustodyFixture implements AutoCloseable {

    static final Duration GRACE = Duration.ofDays(90);

    final TestDatabase database = new TestDatabase();
    final Audit audit = new Audit("test");
    final CertificateAuthorities authorities = new CertificateAuthorities(
            CertificateAuthority.create("agents", Instant.now()), CertificateAuthority.create("nodes", Instant.now()));
    final JoinTokens tokens = new JoinTokens(database.pool, audit);
    final Agents agents = new Agents(database.vertx, database.pool, audit);
    final BuiltInCustody custody = new BuiltInCustody(
            database.vertx,
            database.pool,
            authorities,
            SettingsLoader.load(CustodySettings.class, Optional.empty(), Map.of(), Map.of()),
            audit);

    String token(int uses) {
        return get(tokens.create(uses, Duration.ofHours(1), Map.of("site", "berlin"), "admin", "127.0.0.1"))
                .token();
    }

    static Buffer csr() {
        return Csr.make(AgentKey.generate(), "not looked at");
    }

    Future<Custody.Issued> enrol(String token, String name) {
        return enrol(token, csr(), name);
    }

    Future<Custody.Issued> enrol(String token, Buffer csr, String name) {
        return custody.enrol(new Custody.Enrolment(token, csr, name, "192.0.2.1"));
    }

    static Reason reason(Future<?> refused) {
        return ((CustodyException) failure(refused)).reason();
    }

    static X509Certificate certificate(Buffer der) {
        try {
            return Pem.certificate(der.getBytes());
        } catch (CertificateException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Override
    public void close() {
        get(custody.close());
        database.close();
    }
}
