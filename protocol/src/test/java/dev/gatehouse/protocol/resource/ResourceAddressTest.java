package dev.gatehouse.protocol.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceAddressTest {

    @ParameterizedTest
    @CsvSource({
        "TCP, tcp://box:7, box:7",
        "POSTGRES, postgres://db, db:5432",
        "POSTGRES, postgresql://app@db:6000/orders, db:6000",
        "MYSQL, mysql://db, db:3306",
        "REDIS, redis://cache, cache:6379",
        "SSH, ssh://host, host:22",
        "DESKTOP, rdp://pc, pc:3389",
        "DESKTOP, vnc://pc, pc:5900",
        "WEB, http://wiki/start, wiki:80",
        "WEB, HTTPS://wiki, wiki:443",
        "KUBERNETES, https://10.0.0.1:6443, 10.0.0.1:6443",
        "TCP, tcp://[::1]:7, [::1]:7",
    })
    void aKindHasItsUsualPort(ResourceKind kind, String uri, String address) {
        assertThat(ResourceAddress.of(kind, uri)).hasToString(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "TCP ~ tcp://box ~ is 'tcp://box', which has no port from 1 to 65535; tcp|tls://HOST:PORT is needed",
                "TCP ~ box:7 ~ is 'box:7'; tcp|tls://HOST:PORT is needed",
                "POSTGRES ~ mysql://db ~ is 'mysql://db'; postgres|postgresql|tcp://HOST[:PORT] is needed",
                "POSTGRES ~ postgres:// ~ is 'postgres://'; postgres|postgresql|tcp://HOST[:PORT] is needed",
                "WEB ~ http://a b ~ is 'http://a b'; http|https://HOST[:PORT] is needed",
                "SSH ~ ssh://h:0 ~ is 'ssh://h:0', which has no port from 1 to 65535; ssh|tcp://HOST[:PORT] is needed",
            })
    void anErrorSaysWhatIsNeeded(ResourceKind kind, String uri, String message) {
        assertThatThrownBy(() -> ResourceAddress.of(kind, uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aPasswordIsRefusedAndNotRepeated() {
        assertThatThrownBy(() -> ResourceAddress.of(ResourceKind.POSTGRES, "postgres://app:secret@db"))
                .hasMessageStartingWith("has a password in it")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.*:5432, tcp://10.0.0.7:5432, true",
        "10.0.0.*:5432, tcp://10.0.0.7:5433, false",
        "10.0.0.*:5432, tcp://10.0.1.7:5432, false",
        "*.internal:*, tcp://DB.Internal:1, true",
        "*.internal:*, tcp://internal:1, false",
        "db:5000-5010, tcp://db:5010, true",
        "db:5000-5010, tcp://db:5011, false",
        "'[::1]:*', 'tcp://[::1]:9', true",
        "*:*, tcp://anything:9, true",
    })
    void aGlobAllowsAddresses(String glob, String uri, boolean allowed) {
        assertThat(AddressGlob.of(glob).matches(ResourceAddress.of(ResourceKind.TCP, uri)))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"db", "db:", ":5432", "db:0", "db:70000", "db:9-8", "::1:5432", "db:x"})
    void aGlobThatIsNoneIsRefused(String glob) {
        assertThatThrownBy(() -> AddressGlob.of(glob))
                .hasMessageStartingWith("has '" + glob + "'; HOST:PORT is needed");
    }
}
