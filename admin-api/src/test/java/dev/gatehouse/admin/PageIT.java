package dev.gatehouse.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PageIT {

    private static final Api api = Api.start();
    private static final Captured captured = new Captured(api.node.node());

    @AfterAll
    static void close() {
        api.close();
    }

    @Test
    void aPersonSignsInAndSeesAgentsComeAndGo() throws Exception {
        UUID agent = captured.agent("page-agent", Instant.now().minusSeconds(60));
        try (Browser browser = Browser.start()) {
            browser.open(api.uri("/#/agents?name=page-agent"));
            browser.until("!!document.querySelector('input[name=password]')");
            // WHEN the password is wrong
            signIn(browser, "not-the-password");
            browser.until("document.body.innerText.includes('password is wrong')");
            // WHEN it is right
            signIn(browser, api.password);
            // THEN the agent is there, and nobody needs to reload to see it come
            browser.until("document.querySelector('tbody tr')?.innerText.includes('page-agent')");
            assertThat((String) browser.value("document.querySelector('tbody tr').innerText"))
                    .contains("offline");
            captured.sql(
                    "update agent_presence set last_seen_at = clock_timestamp() + interval '1 hour' where agent_id = $1",
                    agent);
            browser.until("document.querySelector('tbody tr').innerText.includes('online')");
            // THEN no other host was asked for anything, and no script can read the sign-in
            assertThat(
                            (Boolean)
                                    browser.value(
                                            "performance.getEntriesByType('resource').every(each => each.name.startsWith(location.origin))"))
                    .isTrue();
            assertThat(browser.value("document.cookie")).isEqualTo("");
        }
    }

    @Test
    void everyPageShowsWhatItIsFor() throws Exception {
        UUID agent = captured.agent("every-page", Instant.now());
        captured.event(agent, Instant.now(), 1, 0, "<img src=x onerror=alert(1)>", "needle in text");
        captured.stream(agent, "file", "docs/every page.txt", Instant.now());
        try (Browser browser = Browser.start()) {
            browser.open(api.uri("/"));
            browser.until("!!document.querySelector('input[name=password]')");
            signIn(browser, api.password);
            browser.until("!!document.querySelector('.plot svg')");
            shows(browser, "#/agents/" + agent, "every-page");
            shows(browser, "#/streams", "docs/every page.txt");
            shows(browser, "#/events?text=NEEDLE", "<img src=x onerror=alert(1)>");
            assertThat(browser.value("document.querySelectorAll('td img').length"))
                    .isEqualTo(0);
            shows(browser, "#/nodes", api.node.node().id());
            shows(browser, "#/audit", "login");
            shows(browser, "#/settings", "postgres.poolSize");
            shows(browser, "#/users", "admin");
            shows(browser, "#/sessions", "No sessions");
            shows(browser, "#/locks", "Nobody is locked");
            browser.value("location.hash = '#/roles'");
            browser.until("document.querySelector('main').innerText.includes('*=*')");
            browser.fill("input[name=name]", "web");
            browser.fill("textarea[name=allow]", "env=test, env=dev, team=web");
            browser.click("form button.primary");
            browser.until("document.querySelector('tbody').innerText.includes('env=test, env=dev, team=web')");
            shows(browser, "#/tokens", "No join tokens");
            browser.click("form button.primary");
            browser.until(
                    "document.querySelector('.card.good')?.innerText.includes('gatehouse agent enroll --url https://')");
        }
    }

    @Test
    void filesAreSentOnceAndTheDocumentationIsOurs() {
        for (String path :
                new String[] {"/", "/app.js", "/vendor/hooks.js", "/api/docs", "/api/docs/swagger-ui-bundle.js"}) {
            HttpResponse<String> first =
                    api.send(HttpRequest.newBuilder(api.uri(path)).GET());
            assertThat(first.statusCode()).as(path).isEqualTo(200);
            assertThat(first.headers().firstValue("content-security-policy").orElse(""))
                    .doesNotContain("unsafe-inline");
            String tag = first.headers().firstValue("etag").orElseThrow();
            assertThat(api.send(HttpRequest.newBuilder(api.uri(path))
                                    .header("If-None-Match", tag)
                                    .GET())
                            .statusCode())
                    .as(path)
                    .isEqualTo(304);
        }
        assertThat(api.send(HttpRequest.newBuilder(api.uri("/vendor/../app.css"))
                                .GET())
                        .statusCode())
                .isEqualTo(200);
        assertThat(api.send(HttpRequest.newBuilder(api.uri("/files.txt")).GET()).statusCode())
                .isEqualTo(404);
    }

    private static void signIn(Browser browser, String password) {
        browser.fill("input[name=username]", Api.ADMIN);
        browser.fill("input[name=password]", password);
        browser.click("button[type=submit]");
    }

    private static void shows(Browser browser, String hash, String text) {
        browser.value("location.hash = '" + hash + "'");
        browser.until("document.querySelector('main').innerText.includes('" + text + "')");
    }
}
