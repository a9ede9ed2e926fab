package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.gateway.catalog.CatalogVerticle;
import dev.gatehouse.gateway.catalog.RegisteredList;
import dev.gatehouse.gateway.forward.CaptureBudget;
import dev.gatehouse.shared.custody.Custody;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.trust.Revocations;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the links of one gateway have in common, whichever context they are on. Everything in it is thread-safe. */
record GatewayLinks(
        Node node,
        X509Certificate agentsCa,
        Revocations revocations,
        Custody custody,
        LinkRegistry registry,
        CatalogVerticle catalog,
        RegisteredList registered,
        Admission admission,
        CaptureBudget budget,
        GatewayDirectory directory,
        LinkMetrics metrics,
        AtomicBoolean draining) {}
