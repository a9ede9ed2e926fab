package dev.gatehouse.shared.node;

import dev.gatehouse.shared.settings.Default;
import dev.gatehouse.shared.settings.Doc;
import dev.gatehouse.shared.settings.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where each endpoint listens and what others are told. */
public record EndpointsSettings(
        @Default("0.0.0.0:10000") Endpoint agent,
        @Default("0.0.0.0:9443") Endpoint access,
        @Default("0.0.0.0:10001") Endpoint peer,
        @Default("0.0.0.0:8443") Endpoint admin,
        @Default("0.0.0.0:42001") Endpoint status) {

    /** The {@code @Default} of a component above is that of its {@code bindingAddress}. */
    public record Endpoint(
            @Doc("What is bound") HostPort bindingAddress,

            @Doc("What others are told; the bound address if not given")
            Optional<HostPort> serverAddress,

            @Doc(
                    "Also bound, for a balancer: there, and only there, a connection begins with a PROXY protocol header, and the client's address in it is believed. Let nobody but the balancer reach it. For `agent`, `access`, `admin`")
            Optional<HostPort> proxyAddress,

            @Default("")
            @Doc(
                    "Host names and addresses that it is reached by as well: the node's certificate names them; for `agent`, `access`, `admin`")
            List<String> names,

            @Doc("PEM file of the certificate and its chain; not for `status`")
            Optional<Path> certificateFile,

            @Doc("PEM file of the certificate's private key")
            Optional<Path> keyFile) {

        public HostPort advertised() {
            return serverAddress.orElse(bindingAddress);
        }
    }
}
