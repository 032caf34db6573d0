using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync.Model;

/// <summary>A company of one run, with a rep who has two devices: does the deeds at a real gateway and says where it differs from the model.</summary>
internal sealed class ModelCompany : IDisposable
{
    private const string Rep = "Ada";
    private readonly GatewayFixture gateway;
    private readonly Script script;
    private readonly HttpClient office;
    private readonly List<TestDevice> devices = [];
    private readonly VerdictModel model = new();
    private readonly Guid id;

    private ModelCompany(GatewayFixture gateway, Script script, Guid id, string key) => (this.gateway, this.script, this.id, office) = (gateway, script, id, gateway.OfficeOf(key));

    /// <summary>Runs a script from nothing; null: all as the model says.</summary>
    public static async Task<string?> RunAsync(GatewayFixture gateway, Script script)
    {
        var key = $"os_{Guid.NewGuid():N}";
        using var company = new ModelCompany(gateway, script, Guid.NewGuid(), key);
        await gateway.Execute($"""
            insert into gateway.company (company_id, name) values ('{company.id}', 'Run {script.Seed}');
            insert into gateway.company_feed (company_id, epoch) values ('{company.id}', gen_random_uuid());
            insert into gateway.api_key (company_id, key_id, hash, name, role) values ('{company.id}', gen_random_uuid(), '\x{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}', 'Key', 'owner');
            insert into gateway.item (company_id, sku, name) values ('{company.id}', 'SKU-1', 'Bottle cage')
            """);
        for (var i = 0; i < 2; i++)
            company.devices.Add(await TestDevice.EnrolAsync(company.office, gateway.Gateway.Url, Rep));
        try
        {
            foreach (var (i, deed) in script.Deeds.Index())
            {
                if (await company.DoAsync(deed) is { } wrong)
                    return $"deed {i + 1}: {wrong}";
                if (company.model.Settle() || deed is Deed.Twice)
                    await company.SettledAsync();
            }

            return await company.DifferenceAsync();
        }
        catch (TimeoutException late)
        {
            return late.Message;
        }
        finally
        {
            // What still waits would be looked at again and again beside the runs to come.
            await gateway.Execute($"update gateway.record set state = 'stopped' where company_id = '{company.id}' and state in ('waiting', 'held')");
        }
    }

    public void Dispose()
    {
        foreach (var device in devices)
            device.Dispose();
        office.Dispose();
    }

    private async Task<string?> DoAsync(Deed deed)
    {
        switch (deed)
        {
            case Deed.Push push:
                return await PushAsync(push);
            case Deed.Twice twice:
                // What could go on meanwhile would be a matter of luck.
                Sample[] samples = [.. twice.Samples.Where(sample => !(model.Records.TryGetValue(sample.Id, out var stands) && stands.State is "waiting" or "held" && stands.Sample != sample))];
                if (samples.Length == 0)
                    return null;
                await Task.WhenAll(devices.Select(device => device.SendAsync(An.Push(samples.Select(sample => sample.Json(script.Names))))));
                foreach (var sample in VerdictModel.InOrder(samples).Concat(VerdictModel.InOrder(samples)))
                    model.Push(sample);
                return null;
            case Deed.AddItem:
                model.HasItem = true;
                await gateway.Execute($"insert into gateway.item (company_id, sku, name) values ('{id}', '{script.Names.Sku}', 'Came later') on conflict do nothing");
                return null;
            case Deed.AddCode:
                model.HasCode = true;
                (await office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = new Guid(script.Seed, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]), code = script.Names.Code, body = new { name = "Came later" } } } })).EnsureSuccessStatusCode();
                return null;
            case Deed.Stop stop:
                return await WorkAsync("/v1/sync/attention/stop", new { ids = stop.Ids }, model.Stop(stop.Ids));
            case Deed.Reopen reopen:
                return await WorkAsync("/v1/sync/attention/reopen", new { ids = reopen.Ids }, model.Reopen(reopen.Ids));
            case Deed.RetryErrored:
                model.RetryErrored();
                foreach (var device in devices)
                    (await device.PostAsync("/v1/sync/retry-errored", null)).EnsureSuccessStatusCode();
                return null;
            default:
                model.UserDisabled = deed is Deed.Disable;
                await gateway.Execute($"update gateway.rep set disabled = {(model.UserDisabled ? "true" : "false")} where company_id = '{id}'");
                return null;
        }
    }

    private async Task<string?> PushAsync(Deed.Push push)
    {
        List<Sample> taken = [];
        var expected = new List<(Sample Sample, IReadOnlyList<string> Answers)>();
        var whole = push.Cut is null;
        foreach (var sample in VerdictModel.InOrder(push.Samples))
            if (whole && !model.IsRace(sample))
                expected.Add((sample, model.Push(sample)));
        // Those that were left out are left out of the request as well, in the order they were drawn.
        var left = expected.Select(one => one.Sample).ToList();
        foreach (var sample in push.Samples)
            if (!whole || left.Remove(sample))
                taken.Add(sample);
        var body = An.Push(taken.Select(sample => sample.Json(script.Names)));
        if (push.Cut is { } cut)
            body = body[..Math.Max(1, body.Length * cut / 1000)];
        var answer = await devices[push.Device].SendAsync(push.Packed ? Packed(body) : body, push.Packed ? "gzip" : null);
        if (!whole)
            return answer.StatusCode == HttpStatusCode.BadRequest ? null : $"a cut body was answered {(int)answer.StatusCode}";
        if (answer.StatusCode != HttpStatusCode.OK)
            return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        return push.Lost ? null : Compare(taken, expected, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdicts"));
    }

    private static string? Compare(List<Sample> taken, List<(Sample Sample, IReadOnlyList<string> Answers)> expected, JsonElement verdicts)
    {
        foreach (var (i, sample) in taken.Index())
        {
            // The same record twice in one push is answered in the order sent.
            var at = expected.FindIndex(one => ReferenceEquals(one.Sample, sample));
            var (verdict, answers) = (verdicts[i], expected[at].Answers);
            expected.RemoveAt(at);
            var state = verdict.TryGetProperty("state", out var stands) ? $"/{stands.GetString()}" : "";
            var said = verdict.GetProperty("outcome").GetString() is var outcome && outcome is "conflict" ? outcome : $"{outcome}{state}";
            if (!answers.Contains(said))
                return $"{sample} was answered {said}, not {string.Join(" or ", answers)}";
        }

        return null;
    }

    private async Task<string?> WorkAsync(string path, object body, int expected)
    {
        var done = (await (await devices[0].PostAsync(path, body)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("done").GetInt32();
        return done == expected ? null : $"{path} did {done}, not {expected}";
    }

    private Task SettledAsync() => Eventually.TrueAsync(async () => await StandingAsync() == Expected(), $"what can go on; it should stand\n{Expected()}", TimeSpan.FromSeconds(30));

    private async Task<string?> DifferenceAsync()
    {
        if (await StandingAsync() is var stands && stands != Expected())
            return $"it stands\n{stands}\nand not\n{Expected()}";
        var kept = await gateway.Scalar<string>($"select coalesce(string_agg(encode(sha256, 'hex'), ' ' order by encode(sha256, 'hex')), '') from gateway.capture where company_id = '{id}'");
        if (kept != string.Join(' ', model.Kept.Select(HashOf).Order(StringComparer.Ordinal)))
            return "not all that came is kept byte for byte, or more than came";
        var gaps = await gateway.Scalar<long>($"""
            select (select count(*) from (select kind, max(counter) as most, count(*) as n from gateway.record_number where company_id = '{id}' group by kind) s where s.most <> s.n)
                + (select count(*) from gateway.company_feed f where f.company_id = '{id}' and f.pos <> (select count(*) from gateway.feed l where l.company_id = '{id}'))
            """);
        return gaps == 0 ? null : "numbers or feed positions have gaps";
    }

    private string Expected() => string.Join('\n', model.Records.Values
        .Select(stands => string.Create(CultureInfo.InvariantCulture, $"{stands.Sample.Id} {stands.State} {stands.Sample.Rev} {HashOf(stands.Sample)} {(stands.HasNumber ? 1 : 0)}")).Order(StringComparer.Ordinal));

    private async Task<string> StandingAsync() => await gateway.Scalar<string>($"""
        select coalesce(string_agg(row, E'\n' order by row collate "C"), '') from (
            select r.record_id || ' ' || r.state || ' ' || r.rev || ' ' || encode(r.sha256, 'hex') || ' ' || (select count(*) from gateway.record_number n where n.company_id = r.company_id and n.record_id = r.record_id) as row
            from gateway.record r where r.company_id = '{id}') rows
        """);

    private string HashOf(Sample sample)
    {
        var push = An.Push(sample.Json(script.Names));
        return Convert.ToHexStringLower(SHA256.HashData(push.AsSpan(1, push.Length - 2)));
    }

    private static byte[] Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(body);
        return packed.ToArray();
    }
}
