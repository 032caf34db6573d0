using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Traffic.Storm;

/// <summary>A gateway with its limits as they are set by default, a bound on its memory, and companies whose devices' rows are put straight into the tables.</summary>
public sealed class StormSite : GatewayFixture
{
    /// <summary>Of the gateway's heap, in MB.</summary>
    public const int HeapLimit = 400;

    /// <summary>In CI: of a company, so that its devices meet it.</summary>
    private const int SmallBurst = 10;

    public override Dictionary<string, string> Environment
    {
        get
        {
            var environment = base.Environment;
            foreach (var limit in environment.Keys.Where(key => key.StartsWith("Limits__", StringComparison.Ordinal)).ToList())
                environment.Remove(limit);
            if (!Servers.Full)
                (environment["Limits__Company__Burst"], environment["Limits__Company__PerSecond"]) = ($"{SmallBurst}", $"{SmallBurst}");
            environment["DOTNET_GCHeapHardLimit"] = $"{HeapLimit * 1024 * 1024:X}";
            return environment;
        }
    }

    /// <summary>A company with an item, a tax, a connection and its office's key.</summary>
    internal async Task<(Guid Company, HttpClient Office)> OpenCompanyAsync(string name)
    {
        var key = $"os_only-for-the-storm-{name}-{Guid.NewGuid():N}";
        var company = Guid.NewGuid();
        await Execute($"""
            insert into gateway.company (company_id, name) values ('{company}', '{name}');
            insert into gateway.company_feed (company_id, epoch) values ('{company}', gen_random_uuid());
            insert into gateway.api_key (company_id, key_id, hash, name, role) values ('{company}', '{company}', '\x{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}', 'First key', 'owner');
            insert into gateway.connection (company_id, connection_id, name, connector, kinds) values ('{company}', gen_random_uuid(), 'erp', 'nobody', '{"{order}"}')
            """);
        var office = new HttpClient { BaseAddress = Gateway.Url };
        office.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        (await office.PutAsJsonAsync("/v1/office/taxes", new { taxes = new[] { new { code = "T8", name = "Tax 8 %", rate = 8 } } })).EnsureSuccessStatusCode();
        (await office.PutAsJsonAsync("/v1/office/products", new { products = new[] { new { sku = "SKU-1", name = "Bottle cage", price = 10.00m } } })).EnsureSuccessStatusCode();
        return (company, office);
    }

    /// <summary>Devices of a company whose access tokens have expired during the outage.</summary>
    internal async Task<List<StormDevice>> DevicesAsync(Guid company, HttpClient office, int count, int records)
    {
        using var first = await TestDevice.EnrolAsync(office, Gateway.Url, "Ada");
        var tokens = new RefreshTokens(Options.Create(new TokenSettings { Key = Environment["Tokens__Key"] }), TimeProvider.System);
        var all = Enumerable.Range(0, count).Select(_ => (Id: Guid.CreateVersion7(), Key: ECDsa.Create(ECCurve.NamedCurves.nistP256)))
            .Select(device => (device.Id, device.Key, Token: tokens.Make(device.Id))).ToList();
        await using var rows = Database.Administrator.CreateCommand("""
            with made as (
                insert into gateway.device (company_id, device_id, hardware_id, public_key, rep_id, branch_id)
                select $1, n.id, 'storm-' || n.id, n.key, d.rep_id, d.branch_id from gateway.device d, unnest($3::uuid[], $4::bytea[]) as n (id, key)
                where d.company_id = $1 and d.device_id = $2 returning device_id)
            insert into gateway.refresh_token (company_id, device_id, hash, issued_at, expires_at)
            select $1, m.device_id, n.hash, now(), now() + interval '300 days' from made m join unnest($3::uuid[], $5::bytea[]) as n (id, hash) on n.id = m.device_id
            """);
        foreach (var value in new object[]
        {
            company, first.Id, all.Select(device => device.Id).ToArray(), all.Select(device => device.Key.ExportSubjectPublicKeyInfo()).ToArray(), all.Select(device => Secrets.Hash(device.Token)).ToArray(),
        })
            rows.Parameters.Add(new NpgsqlParameter { Value = value });
        Assert.Equal(count, await rows.ExecuteNonQueryAsync());
        return [.. all.Select((device, i) => new StormDevice(company, device.Id, device.Key, device.Token, records, losesAnAnswer: i % 10 == 0))];
    }
}
