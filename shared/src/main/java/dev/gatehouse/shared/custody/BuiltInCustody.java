package dev.gatehouse.shared.custody;

import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Custody within the process that has the CAs' keys: checks on a small pool of worker threads, everything it decides in one transaction, so that a token's use, the agent and its certificate are there together or not at all.
 *
 * <p>Thread-safe.
 */
public final class BuiltInCustody implements Custody {

    private static final Logger log = LoggerFactory.getLogger(BuiltInCustody.class);
    private static final int THREADS = 2;

    /** Of a registered resource. */
    private static final int MAX_STATEMENT = 32 * 1024;

    private static final Pattern PURPOSE = Pattern.compile("[a-z-]{1,32}");

    /** Of a join token; ours have 47. */
    private static final int MAX_TOKEN = 256;

    private final Pool postgres;
    private final CertificateAuthorities authorities;
    private final CustodySettings settings;
    private final Audit audit;
    private final WorkerExecutor workers;

    public BuiltInCustody(
            Vertx vertx, Pool postgres, CertificateAuthorities authorities, CustodySettings settings, Audit audit) {
        this.postgres = postgres;
        this.authorities = authorities;
        this.settings = settings;
        this.audit = audit;
        this.workers = vertx.createSharedWorkerExecutor("gatehouse-custody", THREADS);
    }

    /** Ends its threads. */
    public Future<Void> close() {
        return workers.close();
    }

    @Override
    public Future<Issued> enrol(Enrolment enrolment) {
        if (enrolment.token().isEmpty() || enrolment.token().length() > MAX_TOKEN) {
            return Future.failedFuture(new CustodyException(Reason.UNKNOWN_TOKEN, "join token is not known"));
        }
        return parse(enrolment.csr(), () -> AgentName.check(enrolment.name()))
                .compose(request -> inTransaction(transaction -> JoinTokens.use(transaction, enrolment.token())
                        .compose(labels -> AgentRows.findOrAdd(transaction, keyHash(request), enrolment.name(), labels))
                        .map(AgentRows::standing)
                        .compose(agent -> issue(transaction, agent, request))
                        .compose(issued -> audit.record(transaction, enrolled(issued, enrolment.remote()))
                                .map(issued))))
                .recover(cause -> refuse("enrolment", enrolment.remote(), cause));
    }

    @Override
    public Future<Issued> renew(UUID agentId, Buffer csr) {
        return parse(csr, () -> {})
                .compose(request -> inTransaction(transaction -> renew(transaction, agentId, request)))
                .recover(cause -> refuse("renewal", "agent:" + agentId, cause));
    }

    @Override
    public Future<Issued> renewExpired(ExpiredRenewal renewal, String remote) {
        return parse(renewal.csr(), () -> {})
                .compose(request -> onWorker(() ->
                                renewal.check(authorities.agents().certificate(), Instant.now(), settings.agentGrace()))
                        .compose(proved -> inTransaction(transaction -> AgentRows.notRevoked(
                                        transaction, proved.certificate().getSerialNumber())
                                .compose(good -> renew(transaction, proved.agentId(), request))
                                .compose(issued -> audit.record(transaction, renewed(issued, remote))
                                        .map(issued)))))
                .recover(cause -> refuse("renewal of an expired certificate", remote, cause));
    }

    @Override
    public Future<IssuedNode> issueNode(NodeRequest request) {
        return parse(request.csr(), () -> NodeNames.check(request.name(), request.names()))
                .compose(csr -> onWorker(() -> settings.directory().isPresent()
                                && NodeToken.matches(settings.directory().get(), request.token()))
                        .compose(right -> right ? issueNode(request, csr) : wrongToken(request)))
                .recover(cause -> refuse("certificate of node " + request.name(), request.remote(), cause));
    }

    private Future<IssuedNode> issueNode(NodeRequest request, Csr csr) {
        return onWorker(() -> authorities
                        .nodes()
                        .issueNode(
                                request.name(),
                                csr.publicKey(),
                                request.names(),
                                Instant.now(),
                                settings.nodeCertificate()))
                .compose(certificate -> NodeCertificates.record(postgres, audit, certificate, request.remote())
                        .map(new IssuedNode(
                                der(certificate),
                                List.of(der(authorities.nodes().certificate())))));
    }

    private Future<IssuedNode> wrongToken(NodeRequest request) {
        Audit.Entry entry =
                NodeCertificates.entry(request.name(), request.remote()).refused("wrong node token");
        return audit.record(postgres, entry)
                .compose(recorded -> Future.failedFuture(
                        new CustodyException(Reason.WRONG_NODE_TOKEN, "node token is not the one of this deployment")));
    }

    @Override
    public Future<Buffer> signResource(Buffer statement) {
        if (statement.length() == 0 || statement.length() > MAX_STATEMENT) {
            return Future.failedFuture(new CustodyException(
                    Reason.BAD_REQUEST,
                    "statement of " + statement.length() + " bytes; 1 to " + MAX_STATEMENT + " are allowed"));
        }
        return onWorker(() -> Buffer.buffer(authorities
                .nodes()
                .sign(Signatures.resourceToSign(statement).getBytes())));
    }

    @Override
    public Future<Buffer> derive(String purpose) {
        if (!PURPOSE.matcher(purpose).matches()) {
            return Future.failedFuture(
                    new CustodyException(Reason.BAD_REQUEST, "purpose '" + purpose + "'; a to z and - are allowed"));
        }
        return onWorker(() -> Buffer.buffer(authorities.nodes().derive(purpose)));
    }

    @Override
    public Future<List<Buffer>> trust() {
        return Future.succeededFuture(List.of(der(authorities.nodes().certificate())));
    }

    private Future<Issued> renew(SqlConnection transaction, UUID agentId, Csr request) {
        return AgentRows.active(transaction, agentId)
                .compose(agent -> AgentRows.changeKey(transaction, agentId, keyHash(request))
                        .compose(changed -> issue(transaction, agent, request)));
    }

    private Future<Issued> issue(SqlConnection transaction, AgentRows.Agent agent, Csr request) {
        return onWorker(() -> authorities
                        .agents()
                        .issueAgent(agent.id(), request.publicKey(), Instant.now(), settings.agentCertificate()))
                .compose(certificate -> AgentRows.addCertificate(
                                transaction, agent.id(), certificate, settings.agentGrace())
                        .map(new Issued(
                                agent.id(),
                                agent.name(),
                                agent.labels(),
                                der(certificate),
                                List.of(der(authorities.agents().certificate())),
                                List.of(der(authorities.nodes().certificate())))));
    }

    private Future<Csr> parse(Buffer csr, Runnable otherChecks) {
        return onWorker(() -> {
            otherChecks.run();
            try {
                return Csr.read(csr);
            } catch (Csr.BadCsr refused) {
                throw new CustodyException(Reason.BAD_REQUEST, refused.getMessage(), refused);
            }
        });
    }

    private <T> Future<T> onWorker(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }

    private <T> Future<T> inTransaction(Function<SqlConnection, Future<T>> work) {
        return postgres.withTransaction(work);
    }

    private static <T> Future<T> refuse(String what, String whose, Throwable cause) {
        if (cause instanceof CustodyException refused) {
            log.info("Refused {} from {}: {}", what, whose, refused.getMessage());
            return Future.failedFuture(refused);
        }
        log.warn("Could not decide the {} from {}", what, whose, cause);
        return Future.failedFuture(
                new CustodyException(Reason.UNAVAILABLE, "custody cannot reach its database; try again", cause));
    }

    private static Audit.Entry enrolled(Issued issued, String remote) {
        return Audit.Entry.done(
                        "agent:" + issued.agentId(),
                        remote,
                        "agent.enrol",
                        issued.agentId().toString())
                .with("name", issued.name());
    }

    private static Audit.Entry renewed(Issued issued, String remote) {
        return Audit.Entry.done(
                "agent:" + issued.agentId(),
                remote,
                "agent.renew-expired",
                issued.agentId().toString());
    }

    private static Buffer keyHash(Csr request) {
        try {
            return Buffer.buffer(MessageDigest.getInstance("SHA-256")
                    .digest(request.publicKey().getEncoded()));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static Buffer der(X509Certificate certificate) {
        return Buffer.buffer(Pem.der(certificate));
    }
}
