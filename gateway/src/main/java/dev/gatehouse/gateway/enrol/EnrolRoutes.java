package dev.gatehouse.gateway.enrol;

import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.shared.custody.Custody;
import dev.gatehouse.shared.custody.CustodyException;
import dev.gatehouse.shared.custody.ExpiredRenewal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /enrol/ca}, {@code POST /enrol}, {@code POST /enrol/renew}. Confined to its verticle's context.
 */
public final class EnrolRoutes {

    static final int MAX_BODY = 64 * 1024;

    private static final int MAX_NAME = 128;
    private static final Logger log = LoggerFactory.getLogger(EnrolRoutes.class);

    private final Custody custody;
    private final String nodesCa;
    private final Function<HttpServerRequest, List<String>> agentAddresses;
    private final GuessLimit guesses = new GuessLimit();

    /**
     * @param nodesCa PEM of the CA that agents are to trust
     *
     * @param agentAddresses what an agent that came by a request is told to dial, HOST:PORT
     */
    public EnrolRoutes(Custody custody, String nodesCa, Function<HttpServerRequest, List<String>> agentAddresses) {
        this.custody = custody;
        this.nodesCa = nodesCa;
        this.agentAddresses = agentAddresses;
    }

    public void addTo(Router router) {
        router.get("/enrol/ca")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "application/x-pem-file")
                        .end(nodesCa));
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY);
        router.post("/enrol").handler(body).handler(context -> answer(context, this::enrol));
        router.post("/enrol/renew").handler(body).handler(context -> answer(context, this::renew));
        router.route("/enrol*").failureHandler(EnrolRoutes::failed);
    }

    private void answer(RoutingContext context, Function<RoutingContext, Future<JsonObject>> ask) {
        String remote = context.request().remoteAddress().hostAddress();
        Duration wait = guesses.waits(remote, System.nanoTime());
        if (!wait.isZero()) {
            send(context, Problem.tooMany(wait));
            return;
        }
        Future<JsonObject> answer;
        try {
            answer = ask.apply(context);
        } catch (IllegalArgumentException bad) {
            answer = Future.failedFuture(bad);
        }
        answer.onSuccess(issued -> context.json(issued)).onFailure(cause -> {
            Problem problem = problem(cause);
            if (problem.status() < 500) {
                guesses.refused(remote, System.nanoTime());
                log.info("Request from {} refused: {} {}", remote, problem.code(), problem.detail());
            }
            send(context, problem);
        });
    }

    private Future<JsonObject> enrol(RoutingContext context) {
        JsonObject body = body(context);
        String name = string(body, "name");
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "name of " + name.length() + " characters; 1 to " + MAX_NAME + " are allowed");
        }
        return custody.enrol(new Custody.Enrolment(string(body, "token"), base64(body, "csr"), name, remote(context)))
                .map(issued -> json(issued, context));
    }

    private Future<JsonObject> renew(RoutingContext context) {
        JsonObject body = body(context);
        Buffer certificate;
        try {
            certificate = Buffer.buffer(
                    Pem.der(Pem.certificates(string(body, "certificate")).getFirst()));
        } catch (CertificateException unreadable) {
            throw new IllegalArgumentException("certificate is not PEM of an X.509 certificate", unreadable);
        }
        ExpiredRenewal renewal = new ExpiredRenewal(certificate, base64(body, "csr"), base64(body, "signature"));
        return custody.renewExpired(renewal, remote(context)).map(issued -> json(issued, context));
    }

    private JsonObject json(Custody.Issued issued, RoutingContext context) {
        return new JsonObject()
                .put("agentId", issued.agentId().toString())
                .put("name", issued.name())
                .put("labels", new JsonObject(Map.copyOf(issued.labels())))
                .put("certificate", pem(List.of(issued.certificate())))
                .put("chain", pem(issued.chain()))
                .put("trust", pem(issued.trust()))
                .put("agentAddresses", new JsonArray(agentAddresses.apply(context.request())));
    }

    private static String pem(List<Buffer> certificates) {
        StringBuilder text = new StringBuilder();
        certificates.forEach(der -> text.append(Pem.write("CERTIFICATE", der.getBytes())));
        return text.toString();
    }

    private static String remote(RoutingContext context) {
        return context.request().remoteAddress().hostAddress();
    }

    private static JsonObject body(RoutingContext context) {
        try {
            JsonObject body = context.body().asJsonObject();
            if (body != null) {
                return body;
            }
        } catch (RuntimeException notJson) {
            log.debug("Body that is no JSON", notJson);
        }
        throw new IllegalArgumentException("the body is not a JSON object");
    }

    private static String string(JsonObject body, String field) {
        if (body.getValue(field) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new IllegalArgumentException("field '" + field + "' is missing or not a string");
    }

    private static Buffer base64(JsonObject body, String field) {
        try {
            return Buffer.buffer(Base64.getDecoder().decode(string(body, field)));
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException("field '" + field + "' is missing or not base64", bad);
        }
    }

    private static Problem problem(Throwable cause) {
        if (cause instanceof CustodyException refusal) {
            return Problem.of(refusal);
        }
        if (cause instanceof IllegalArgumentException bad) {
            return Problem.badRequest(bad.getMessage());
        }
        log.error("Enrolment failed", cause);
        return Problem.internal();
    }

    private static void failed(RoutingContext context) {
        send(context, context.statusCode() == 413 ? Problem.tooLarge(MAX_BODY) : problem(context.failure()));
    }

    private static void send(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        problem.retryAfter()
                .ifPresent(wait -> response.putHeader("Retry-After", String.valueOf(Math.max(1, wait.toSeconds()))));
        response.setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .end(problem.json().encode());
    }
}
