package dev.gatehouse.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.VertxException;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ServerFailureTest {

    @Test
    void theWayThereAndTheServersRoleAreTheServers() {
        assertThat(ServerFailure.is(new ConnectException("Connection refused"))).isTrue();
        assertThat(ServerFailure.is(new TimeoutException())).isTrue();
        assertThat(ServerFailure.is(new VertxException("Connection was closed")))
                .isTrue();
        assertThat(ServerFailure.is(answer("CONNECTION_CLOSED"))).isTrue();
        assertThat(ServerFailure.is(answer("READONLY You can't write against a read only replica.")))
                .isTrue();
        assertThat(ServerFailure.is(answer("ERR Error running script (call to f_1): @user_script:1: @user_script: 1:"
                        + " -READONLY You can't write against a read only replica.")))
                .isTrue();
    }

    @Test
    void whatAnyOtherWouldAnswerIsNot() {
        assertThat(ServerFailure.is(answer("WRONGTYPE Operation against a key holding the wrong kind of value")))
                .isFalse();
        assertThat(ServerFailure.is(answer("OOM command not allowed when used memory > 'maxmemory'.")))
                .isFalse();
        assertThat(ServerFailure.is(answer("NOPERM this user has no permissions to run the 'set' command")))
                .isFalse();
    }

    private static Throwable answer(String text) {
        return new RuntimeException(text);
    }
}
