using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Feed.Collections;
using OrderSync.Testing;
using Proofs = OrderSync.Gateway.Sync.Proofs;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>The gateway's own parts on a test's database, under the gateway's role: for what would take too long over HTTP, or needs another clock or other shapes.</summary>
internal sealed class FeedParts : IAsyncDisposable
{
    private FeedParts(NpgsqlDataSource database, DeviceIdentity device, IEnumerable<FeedCollection> collections)
    {
        (Database, Device) = (database, device);
        Shapes = new Shapes(collections);
        Cursors = new Cursors(Signing);
        Pages = new Pages(database, Shapes);
        // Nothing is set back here: no epoch begins.
        Pulls = new Pulls(database, Cursors, new Scopes(database), Shapes, new Epochs(database, database, new EpochSignal(), TimeProvider.System, NullLogger<Epochs>.Instance));
    }

    public NpgsqlDataSource Database { get; }

    public DeviceIdentity Device { get; }

    public Shapes Shapes { get; }

    public Cursors Cursors { get; }

    public Pages Pages { get; }

    public Pulls Pulls { get; }

    private static SigningKeys Signing => new(Options.Create(new FeedSettings()), Options.Create(new TokenSettings { Key = new string('k', 40) }));

    /// <summary>In the order of the first download.</summary>
    public static FeedCollection[] All =>
    [
        new Settings(), new Reps(), new Taxes(), new PriceLists(), new Products(), new Prices(), new Stock(), new OrderSync.Gateway.Feed.Collections.Customers(), new History(), new QuickKeys(), new OrderSync.Gateway.Feed.Collections.Images(),
        new Verdicts(new Proofs(Signing)), new RecordStatus(), new CustomerIds(),
    ];

    public static async Task<FeedParts> OpenAsync(GatewayFixture gateway, params FeedCollection[] collections)
    {
        using var device = await gateway.EnrolAsync();
        var ids = await gateway.Scalar<Guid[]>($"select array[company_id, device_id, rep_id, branch_id] from gateway.device where device_id = '{device.Id}'");
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(gateway.Database.ConnectionStringAs("gateway")) { MaxPoolSize = 12 }.ConnectionString);
        return new(database, new(ids[0], ids[1], ids[2], ids[3]), collections.Length == 0 ? All : collections);
    }

    public Retention Retention(NpgsqlDataSource auth, TimeProvider time) =>
        new(Database, auth, Options.Create(new FeedSettings()), time, NullLogger<Retention>.Instance);

    /// <summary>Pulls to the end; the lines, and the cursor after them.</summary>
    public async Task<(string? Cursor, IReadOnlyList<(string Collection, string Key, bool Gone)> Lines, Pull Pull)> PullAsync(string? cursor)
    {
        var pull = (await Pulls.BeginAsync(Device, cursor, "en", withHashes: false, default))!;
        if (pull.UpToDate)
            return (cursor, [], pull);
        var lines = new List<(string, string, bool)>();
        var next = pull.From;
        while (next.Phase != Phase.Whole)
        {
            var page = await Pages.ReadAsync(pull.Reading, next, default);
            foreach (var line in Encoding.UTF8.GetString(page.Lines.Bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var json = JsonSerializer.Deserialize<JsonElement>(line);
                lines.Add((json.GetProperty("c").GetString()!, json.GetProperty("k").GetString()!, json.TryGetProperty("gone", out _)));
            }

            next = page.Next;
        }

        return (Cursors.Write(next), lines, pull);
    }

    public ValueTask DisposeAsync()
    {
        Pages.Dispose();
        return Database.DisposeAsync();
    }
}
