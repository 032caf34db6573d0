using System.Text;
using OrderSync.AppHost.Local.Servers;

namespace OrderSync.Testing;

/// <summary>Waits for what RabbitMQ notes late.</summary>
public static class QueuesOnDisk
{
    /// <summary>
    /// A quorum queue of RabbitMQ 3.10 that is killed within seconds of its creation never gets a leader again (rabbitmq-server issue 10070):
    /// its name is not yet in the broker's list. Tests that kill a broker with new queues wait until all are in it.
    /// </summary>
    public static Task QueuesOnDiskAsync(this RabbitServer server)
    {
        var folder = Directory.GetDirectories(Path.Combine(Path.GetDirectoryName(server.Log)!, "mnesia"), "quorum", SearchOption.AllDirectories)
            .SelectMany(Directory.GetDirectories).Single();
        return Eventually.TrueAsync(() =>
        {
            var list = Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(folder, "names.dets")));
            return Directory.GetDirectories(folder).All(queue => list.Contains(Path.GetFileName(queue), StringComparison.Ordinal));
        }, "the broker to note its queues");
    }
}
