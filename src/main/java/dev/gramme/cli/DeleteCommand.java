package dev.gramme.cli;

import java.net.http.HttpRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gramme delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Deletes the versions that the context has seen; without a context, those that a read finds now.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:deleted", "4:failed: surely not deleted", "5:indeterminate: it may have been deleted"})
final class DeleteCommand implements Callable<Integer> {
    @Mixin
    private Endpoint endpoint = new Endpoint();

    @Mixin
    private KeyArguments key = new KeyArguments();

    @Mixin
    private WriteFlags write = new WriteFlags();

    @Override
    public Integer call() {
        return write.send(endpoint, key, "deleted", r -> r.method("DELETE", HttpRequest.BodyPublishers.noBody()));
    }
}
