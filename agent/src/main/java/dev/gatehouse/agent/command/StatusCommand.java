package dev.gatehouse.agent.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.status.StatusFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        description = "Shows links, spool and sources of the agent, also when it isn't running",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    /** How it is printed. */
    enum Form {
        table,
        json,
        yaml
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private AgentMain.Folder folder;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "table, json or yaml (default: table)")
    private Form form = Form.table;

    @Override
    public Integer call() throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        JsonObject status;
        try {
            status = StatusFile.identity(Identity.load(folder.dir));
            status.mergeIn(StatusFile.read(folder.dir));
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return AgentMain.FAILED;
        }
        switch (form) {
            case json -> out.println(status.encodePrettily());
            case yaml -> out.print(new YAMLMapper().writeValueAsString(new ObjectMapper().readTree(status.encode())));
            case table -> StatusTable.print(status, out);
        }
        out.flush();
        return 0;
    }
}
