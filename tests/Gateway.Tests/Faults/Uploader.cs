using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Faults;

/// <summary>What a device was told about an order it uploaded.</summary>
internal sealed record Acknowledged(Guid Id, byte[] Bytes, string Number);

/// <summary>A device that uploads orders without end and sends each again, as it is, until it is acknowledged.</summary>
internal sealed class Uploader(Func<Task<TestDevice>> enrol, Guid customer, int seed)
{
    private const int OrdersInRequest = 10;
    private long seq;

    /// <summary>Whatever was acknowledged, to the last.</summary>
    public ConcurrentBag<Acknowledged> Acknowledged { get; } = [];

    /// <summary>Requests without a usable answer.</summary>
    public int InVain { get; private set; }

    /// <summary>Uploads until told to stop; what has been begun is finished.</summary>
    public async Task RunAsync(CancellationToken enough)
    {
        var device = await enrol();
        while (!enough.IsCancellationRequested)
        {
            var orders = Enumerable.Range(0, OrdersInRequest).Select(_ => An.Order(customer: customer, lines: 2, notes: $"{seed}", seq: ++seq)).ToList();
            device = await DrainAsync(device, orders);
        }

        device.Dispose();
    }

    private async Task<TestDevice> DrainAsync(TestDevice device, List<JsonObject> outbox)
    {
        while (outbox.Count > 0)
        {
            try
            {
                using var answer = await device.SendAsync(An.Push(outbox));
                if (answer.StatusCode == HttpStatusCode.Unauthorized)
                {
                    var next = await enrol();
                    device.Dispose();
                    device = next;
                    continue;
                }

                if (answer.StatusCode == HttpStatusCode.OK)
                    Note(outbox, await answer.Content.ReadAsStringAsync());
                else if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                    InVain++;
                else
                    Assert.Fail($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException)
            {
                InVain++;
            }
        }

        return device;
    }

    private void Note(List<JsonObject> outbox, string answer)
    {
        using var json = JsonDocument.Parse(answer);
        foreach (var verdict in json.RootElement.GetProperty("verdicts").EnumerateArray())
        {
            var outcome = verdict.GetProperty("outcome").GetString();
            if (outcome == "retryLater")
                continue;
            Assert.True(outcome is "accepted" or "duplicate", verdict.GetRawText());
            var order = outbox.Single(order => order["id"]!.GetValue<Guid>() == verdict.GetProperty("id").GetGuid());
            outbox.Remove(order);
            var sent = An.Push(order);
            Acknowledged.Add(new(order["id"]!.GetValue<Guid>(), sent[1..^1], verdict.GetProperty("number").GetString()!));
        }
    }
}
