package dev.gatehouse.admin;

import dev.gatehouse.admin.agent.AgentOperations;
import dev.gatehouse.admin.contract.Contract;
import dev.gatehouse.admin.event.EventOperations;
import dev.gatehouse.admin.http.ApiRouter;
import dev.gatehouse.admin.http.Authentication;
import dev.gatehouse.admin.http.Caller;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.admin.idempotency.Idempotency;
import dev.gatehouse.admin.live.LiveOperations;
import dev.gatehouse.admin.lock.LockOperations;
import dev.gatehouse.admin.node.NodeCertificateOperations;
import dev.gatehouse.admin.operating.Drain;
import dev.gatehouse.admin.operating.OperatingOperations;
import dev.gatehouse.admin.resource.ResourceOperations;
import dev.gatehouse.admin.role.RoleOperations;
import dev.gatehouse.admin.session.SessionOperations;
import dev.gatehouse.admin.signin.SignInOperations;
import dev.gatehouse.admin.stream.StreamOperations;
import dev.gatehouse.admin.token.JoinTokenOperations;
import dev.gatehouse.admin.user.UserOperations;
import dev.gatehouse.admin.web.WebFiles;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.bus.Bus;
import dev.gatehouse.shared.cluster.Quorum;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.custody.Agents;
import dev.gatehouse.shared.custody.BuiltInCustody;
import dev.gatehouse.shared.custody.BusCustody;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import dev.gatehouse.shared.custody.Custody;
import dev.gatehouse.shared.custody.CustodyEndpoint;
import dev.gatehouse.shared.custody.CustodySettings;
import dev.gatehouse.shared.custody.JoinTokens;
import dev.gatehouse.shared.node.EndpointKeys;
import dev.gatehouse.shared.node.EndpointsSettings.Endpoint;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.node.Service;
import dev.gatehouse.shared.people.AccessView;
import dev.gatehouse.shared.people.Decision;
import dev.gatehouse.shared.people.Locks;
import dev.gatehouse.shared.people.Login;
import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.people.Permission;
import dev.gatehouse.shared.people.Roles;
import dev.gatehouse.shared.people.SignIns;
import dev.gatehouse.shared.record.AgentRecords;
import dev.gatehouse.shared.record.AuditRecords;
import dev.gatehouse.shared.record.CaptureRates;
import dev.gatehouse.shared.record.ChunkRecords;
import dev.gatehouse.shared.record.EventRecords;
import dev.gatehouse.shared.record.JoinTokenRecords;
import dev.gatehouse.shared.record.LockRecords;
import dev.gatehouse.shared.record.NodeRecords;
import dev.gatehouse.shared.record.SessionRecords;
import dev.gatehouse.shared.record.StreamRecords;
import dev.gatehouse.shared.record.UserRecords;
import dev.gatehouse.shared.segment.BlockSource;
import dev.gatehouse.shared.session.SessionCopies;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.Topic;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;

/** REST, dashboard and, where the CAs' keys are, custody. Wiring only. */
public final class AdminService implements Service {

    private static final Duration STEP = Duration.ofSeconds(5);

    private AdminServer server;
    private SignIns signIns;
    private SessionCopies sessions;
    private AccessView rights;
    private LiveOperations live;

    @Override
    public Role role() {
        return Role.ADMIN_API;
    }

    /** The bound port, once it has started. */
    public int port() {
        return server.port();
    }

    /** Where a balancer is listened to, once it has started and if set. */
    public int proxyPort() {
        return server.proxyPort();
    }

    @Override
    public Future<Void> start(Node node) {
        Audit audit = new Audit(node.id());
        Passwords passwords = new Passwords(node.vertx());
        node.shutdown().add("end the password workers", STEP, passwords::close);
        return custody(node, audit)
                .compose(custody -> node.vertx()
                        .executeBlocking(() -> prepared(node))
                        .compose(prepared -> serve(node, audit, passwords, custody, prepared)));
    }

    /** What is read from files before the first request. */
    private record Prepared(EndpointKeys keys, Contract contract, WebFiles files, SignInOperations.Reach reach) {}

    private static Prepared prepared(Node node) throws IOException {
        X509Certificate ca = CertificateAuthority.read(node.settings().custody().nodesCaFile());
        return new Prepared(
                node.certificates().keys("admin", node.settings().endpoints().admin()),
                Contract.load(),
                WebFiles.load(),
                new SignInOperations.Reach(
                        node.settings().endpoints().access().advertised(),
                        node.settings().access().urls(),
                        node.settings().access().domain(),
                        Pem.text(ca),
                        Pin.of(ca).toString()));
    }

    private Future<Void> serve(Node node, Audit audit, Passwords passwords, Custody custody, Prepared prepared) {
        Endpoint endpoint = node.settings().endpoints().admin();
        signIns = new SignIns(node.postgres(), node.settings().access().signIn());
        sessions = SessionCopies.listen(new Bus(node.vertx(), node.members()), node.members());
        node.shutdown().add("stop listening to sessions", STEP, sessions::close);
        Topics topics = new Topics(node.vertx(), node.postgres());
        topics.onChange(Topic.PEOPLE, () -> {
            signIns.forget();
            return Future.succeededFuture();
        });
        rights = AccessView.follow(topics, node.postgres());
        node.shutdown().add("stop polling topics", STEP, topics::stop);
        server = new AdminServer(endpoint, prepared.keys(), () -> router(node, audit, passwords, custody, prepared));
        return topics.start()
                .compose(polled -> node.vertx().deployVerticle(server))
                .map(id -> {
                    node.certificates().follow("admin", endpoint, prepared.keys(), server::show);
                    node.shutdown().add("close the admin endpoint", STEP, () -> {
                        live.close();
                        return node.vertx().undeploy(id);
                    });
                    return null;
                });
    }

    private Router router(Node node, Audit audit, Passwords passwords, Custody custody, Prepared prepared) {
        AgentRecords agents = new AgentRecords(node.postgres());
        StreamRecords streams = new StreamRecords(node.postgres());
        ChunkRecords chunks = new ChunkRecords(node.postgres());
        SignInOperations signIn = new SignInOperations(
                node.postgres(), new Login(node.postgres(), passwords, audit), signIns, audit, prepared.reach());
        live = new LiveOperations(node.vertx(), signIns, agents, streams, new CaptureRates(node.postgres()));
        Operations operations = new Operations();
        signIn.bind(operations);
        live.bind(operations);
        new AgentOperations(agents, new Agents(node.vertx(), node.postgres(), audit)).bind(operations);
        new JoinTokenOperations(new JoinTokenRecords(node.postgres()), new JoinTokens(node.postgres(), audit))
                .bind(operations);
        Bus bus = new Bus(node.vertx(), node.members());
        new ResourceOperations(node.vertx(), node.postgres(), custody, audit, bus, this::sees).bind(operations);
        new StreamOperations(streams, chunks, new BlockSource(node.postgres(), node.store())).bind(operations);
        new EventOperations(new EventRecords(node.postgres())).bind(operations);
        new OperatingOperations(
                        new NodeRecords(node.postgres()),
                        () -> Quorum.of(node.settings().cluster(), node.members()),
                        new Drain(bus, node.postgres(), audit),
                        new AuditRecords(node.postgres()),
                        SettingsLoader.effective(node.settings()))
                .bind(operations);
        new NodeCertificateOperations(custody).bind(operations);
        access(node, audit, passwords, operations);
        Router router = new ApiRouter(new Authentication(signIn::check), new Idempotency(node.postgres())::once)
                .create(node.vertx(), prepared.contract(), operations);
        prepared.files().bind(router);
        return router;
    }

    /** Whoever may see everything, and whoever may reach it. */
    private boolean sees(Caller caller, Map<String, String> labels) {
        return Decision.of(caller.roles(), Permission.READ).allowed()
                || rights.rights()
                        .may(caller.name(), caller.roles(), labels, System.nanoTime())
                        .allowed();
    }

    private void access(Node node, Audit audit, Passwords passwords, Operations operations) {
        Runnable changed = () -> {
            signIns.forget();
            Topics.hasten(node.vertx());
        };
        UserRecords users = new UserRecords(node.postgres());
        Locks locks = new Locks(node.postgres(), audit);
        new UserOperations(changed, users, new People(node.postgres(), passwords, audit)).bind(operations);
        new RoleOperations(changed, users, new Roles(node.postgres(), audit)).bind(operations);
        new LockOperations(changed, new LockRecords(node.postgres()), locks).bind(operations);
        new SessionOperations(changed, sessions, new SessionRecords(node.postgres()), locks).bind(operations);
    }

    /** The built-in one, or that of another admin-api. */
    private static Future<Custody> custody(Node node, Audit audit) {
        CustodySettings settings = node.settings().custody();
        if (settings.directory().isEmpty()) {
            return Future.succeededFuture(new BusCustody(node.vertx()));
        }
        return node.vertx()
                .executeBlocking(() -> CertificateAuthorities.of(settings))
                .compose(authorities -> {
                    BuiltInCustody custody =
                            new BuiltInCustody(node.vertx(), node.postgres(), authorities, settings, audit);
                    node.shutdown().add("end custody's workers", STEP, custody::close);
                    return node.vertx()
                            .deployVerticle(new CustodyEndpoint(custody))
                            .map(id -> {
                                node.shutdown()
                                        .add(
                                                "close custody",
                                                STEP,
                                                () -> node.vertx().undeploy(id));
                                return custody;
                            });
                });
    }
}
