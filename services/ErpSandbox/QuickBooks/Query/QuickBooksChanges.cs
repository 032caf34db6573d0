using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>What changed since a time, deletions too. rules.md, "Changes".</summary>
internal static class QuickBooksChanges
{
    /// <summary>GET /cdc?entities=&amp;changedSince=</summary>
    public static ErpAnswer Run(QuickBooksCall call)
    {
        if (!DateTimeOffset.TryParse(call.Request.Query["changedSince"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since))
            throw QuickBooksRefusal.Missing("changedSince");
        if (since < call.Now - TimeSpan.FromDays(call.Settings.CdcDays))
            throw new QuickBooksRefusal(400, "2040", "Invalid changedSince", $"changedSince must be within the last {call.Settings.CdcDays} days");
        var lists = new JsonArray();
        var left = call.Settings.CdcMost;
        foreach (var name in call.Request.Query["entities"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var entity = QuickBooksOperations.Entities.FirstOrDefault(one => one.Name == name && one.InChanges) ?? throw QuickBooksRefusal.Unsupported($"cdc of {name}");
            var changed = call.Company.All(name).Where(row => Since(row["MetaData"].Text("LastUpdatedTime"), since)).Select(row => (JsonNode)row.DeepClone())
                .Concat(call.Company.Deleted.Where(gone => gone.Entity == name && gone.At >= since).Select(gone => (JsonNode)new JsonObject
                {
                    ["status"] = "Deleted", ["domain"] = "QBO", ["Id"] = gone.Id, ["MetaData"] = new JsonObject { ["LastUpdatedTime"] = QuickBooksJson.Time(gone.At) },
                })).Take(left).ToArray();
            left -= changed.Length;
            lists.Add(changed.Length == 0 ? new JsonObject() : new JsonObject { [entity.Name] = new JsonArray(changed), ["startPosition"] = 1, ["maxResults"] = changed.Length });
        }

        return QuickBooksAnswer.Of("CDCResponse", new JsonArray(new JsonObject { ["QueryResponse"] = lists }), call.Now);
    }

    private static bool Since(string? changed, DateTimeOffset since) => DateTimeOffset.TryParse(changed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at >= since;
}
