package dev.gatehouse.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The embedded servers as tests see them: started on a folder, and asked a question over the network. */
enum Kind {
    POSTGRES {
        @Override
        EmbeddedServer start(Path folder, int port, boolean endWithJvm) {
            EmbeddedPostgres.Options options =
                    EmbeddedPostgres.Options.in(folder).port(port);
            return EmbeddedPostgres.start(endWithJvm ? options : options.outlivesJvm());
        }

        @Override
        boolean answers(EmbeddedServer server) {
            EmbeddedPostgres.Database admin = ((EmbeddedPostgres) server).admin();
            try (Connection connection = java.sql.DriverManager.getConnection(
                    admin.jdbcUrl() + "?connectTimeout=1&socketTimeout=1&loginTimeout=2",
                    admin.user(),
                    admin.password())) {
                return connection.isValid(1);
            } catch (SQLException e) {
                return false;
            }
        }
    },
    REDIS {
        @Override
        EmbeddedServer start(Path folder, int port, boolean endWithJvm) {
            EmbeddedRedis.Options options = EmbeddedRedis.Options.in(folder).port(port);
            return EmbeddedRedis.start(endWithJvm ? options : options.outlivesJvm());
        }

        @Override
        boolean answers(EmbeddedServer server) {
            try (Socket socket = new Socket(server.host(), server.port())) {
                socket.setSoTimeout(1000);
                socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.UTF_8));
                return socket.getInputStream().read() == '+';
            } catch (IOException e) {
                return false;
            }
        }
    },
    S3PROXY {
        @Override
        EmbeddedServer start(Path folder, int port, boolean endWithJvm) {
            return S3ProxyProcess.start(folder, port, endWithJvm);
        }

        @Override
        boolean answers(EmbeddedServer server) {
            try {
                HttpURLConnection connection = (HttpURLConnection)
                        URI.create(((S3ProxyProcess) server).url()).toURL().openConnection();
                connection.setConnectTimeout(1000);
                connection.setReadTimeout(1000);
                return connection.getResponseCode() > 0;
            } catch (IOException e) {
                return false;
            }
        }
    },
    JAVA {
        @Override
        EmbeddedServer start(Path folder, int port, boolean endWithJvm) {
            int own = port == 0 ? freePort() : port;
            URI root = URI.create("http://127.0.0.1:" + own + "/");
            JavaProcess program = JavaProcess.of(new JavaProcess.Program(
                    "file server",
                    folder,
                    own,
                    () -> List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-m",
                            "jdk.httpserver",
                            "-p",
                            Integer.toString(own),
                            "-d",
                            folder.toString()),
                    folder.toString(),
                    JavaProcess.answersOk(root),
                    Duration.ofSeconds(10),
                    endWithJvm));
            program.restart();
            return program;
        }

        private static int freePort() {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        boolean answers(EmbeddedServer server) {
            return JavaProcess.answersOk(URI.create("http://127.0.0.1:" + server.port() + "/"))
                    .getAsBoolean();
        }
    };

    abstract EmbeddedServer start(Path folder, int port, boolean endWithJvm);

    abstract boolean answers(EmbeddedServer server);
}
