using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Gateway.Sync;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sync;

/// <summary>Whoever adds a kind adds a class in a folder and the contract of its body; what else belongs to a kind is asked for here.</summary>
[Collection("office-2")]
public sealed class KindTests(GatewayFixture gateway)
{
    private static readonly Dictionary<string, Func<JsonObject>> Examples = new()
    {
        ["activity"] = () => An.Activity("attendance", part: ("attendance", """{"direction":"in"}""")), ["customer"] = () => An.Customer(), ["lead"] = () => An.Lead(), ["sale"] = () => An.Sale(),
        ["order"] = () => Known(An.Order()), ["quote"] = () => Known(An.Quote()), ["receipt"] = () => Known(An.Receipt()),
    };

    [Fact]
    public async Task Each_kind_has_a_schema_a_place_in_the_docs_and_an_example_that_is_accepted_with_a_number_of_its_series()
    {
        using var device = await gateway.EnrolAsync();
        var docs = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/protocol.md"));
        await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers = new[] { new { id = Guid.CreateVersion7(), number = "C-KIND", body = new { name = "Known" } } } });
        Assert.Equal(Examples.Keys.Order(), RecordKinds.All.Select(kind => kind.Name));
        foreach (var kind in RecordKinds.All)
        {
            var (record, newest) = (Examples[kind.Name](), kind.Steps.Count + 1);
            var verdict = Assert.Single(await device.PushAsync(record));
            Assert.True(verdict.Outcome() == "accepted" && verdict.State() is null, verdict.GetRawText());
            Assert.Equal(kind.Series is null ? null : $"{kind.Series}MAIN-", verdict.TryGetProperty("number", out var number) ? number.GetString()![..8] : null);

            Assert.Equal(newest, record["schema"]!.GetValue<int>());
            Assert.True((await gateway.Office.GetAsync($"/v1/schemas/{kind.Name}/{newest}")).IsSuccessStatusCode, $"{kind.Name} has no schema {newest}");
            var row = $"| `{kind.Name}` | {newest} | {(kind.Series is null ? "" : kind.Series + " ")}| {string.Join(", ", kind.GoesTo)} |";
            Assert.Contains(row, docs, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Capabilities_say_where_each_kind_goes_on_to()
    {
        var kinds = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/capabilities")).GetProperty("kinds").EnumerateArray();
        Assert.Equal(RecordKinds.All.Select(kind => $"{kind.Name} {string.Join(',', kind.GoesTo)}"),
            kinds.Select(kind => $"{kind.GetProperty("kind").GetString()} {string.Join(',', kind.GetProperty("goesTo").EnumerateArray())}"));
    }

    [Fact]
    public void Each_kinds_own_codes_have_sentences_in_both_languages_with_the_same_parameters()
    {
        foreach (var (code, (en, de)) in RecordKinds.All.SelectMany(kind => kind.Sentences))
        {
            Assert.True(en.Length > 0 && de.Length > 0 && en != de, code);
            Assert.Equal(Parameters(en), Parameters(de));
        }

        static IEnumerable<string> Parameters(string sentence) => sentence.Split('{').Skip(1).Select(part => part.Split('}')[0]).Distinct().Order();
    }

    [Fact]
    public async Task A_branch_that_is_older_than_a_kind_gives_its_records_numbers_all_the_same()
    {
        using var device = await gateway.EnrolAsync();
        var branch = $"B{Guid.NewGuid():N}"[..8].ToUpperInvariant();
        var id = Guid.NewGuid();
        await gateway.Execute($"insert into gateway.branch (company_id, branch_id, code, name) values ('{gateway.CompanyId}', '{id}', '{branch}', 'Old'); update gateway.device set branch_id = '{id}' where device_id = '{device.Id}'");
        await device.RenewAsync();

        Assert.Equal($"SA-{branch}-000001", Assert.Single(await device.PushAsync(An.Sale())).GetProperty("number").GetString());
    }

    private static JsonObject Known(JsonObject record)
    {
        record["body"]!["customer"] = new JsonObject { ["number"] = "C-KIND" };
        return record;
    }
}
