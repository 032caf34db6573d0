using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Tests.Local;

public sealed class ProcessesTests
{
    [Theory]
    [InlineData("node\0/x/.ordersync/tools/mail", true)]
    [InlineData("tail\0/x/.ordersync", true)]
    [InlineData("vi\0/x/.ordersync-2/notes", false)]
    [InlineData("vi\0/x/.ordersync-2/notes\0/x/.ordersync/logs", true)]
    public void A_process_belongs_to_a_folder_only_if_the_path_ends_there(string arguments, bool belongs) =>
        Assert.Equal(belongs, Processes.Mentions(arguments, "/x/.ordersync"));

    [Fact]
    public void Whoever_calls_us_is_never_ended() => Assert.DoesNotContain(Environment.ProcessId, Processes.Of("/"));
}
