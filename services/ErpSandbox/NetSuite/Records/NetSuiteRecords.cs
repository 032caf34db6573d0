using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Writes, reads and deletes records of any kind. rules.md, "Records".</summary>
internal static partial class NetSuiteRecords
{
    /// <summary>The field in which each record that was written says of which kind it is.</summary>
    public const string Kind = "_kind";

    private const string External = "eid:";

    /// <summary>POST /record/v1/{type}</summary>
    public static ErpAnswer Post(NetSuiteCall call)
    {
        var type = Writable(call);
        Synchronous(call);
        var sent = new NetSuiteReading(call).Read(type, call.Body());
        if (sent.Text("externalId") is { } name && call.Account.FindExternal(type.Name, name) is not null)
            throw NetSuiteRefusal.User("This record already exists");
        return At(call, type, Save(call, type, null, sent, replaceAll: false));
    }

    /// <summary>PUT /record/v1/{type}/eid:{externalId}: creates or changes.</summary>
    public static ErpAnswer Put(NetSuiteCall call)
    {
        var type = Writable(call);
        Synchronous(call);
        var key = call.Request.Route["key"];
        if (!key.StartsWith(External, StringComparison.Ordinal))
            throw NetSuiteRefusal.Content("PUT needs an external id in the address.");
        var name = key[External.Length..];
        if (name.Length == 0 || (call.Settings.ExternalIdCharacters == "plain" && !Plain().IsMatch(name)))
            throw NetSuiteRefusal.Content("The external id in the address is not valid.");
        var sent = new NetSuiteReading(call).Read(type, call.Body());
        if (sent.Text("externalId") is { } other && other != name)
            throw NetSuiteRefusal.Content("The external id in the body is not that in the address.", "externalId");
        sent["externalId"] = name;
        var before = call.Account.FindExternal(type.Name, name);
        return At(call, type, Save(call, type, before, sent, before is not null && call.Settings.PutLines == "replace"));
    }

    /// <summary>PATCH /record/v1/{type}/{id or eid:}</summary>
    public static ErpAnswer Patch(NetSuiteCall call)
    {
        var type = Writable(call);
        Synchronous(call);
        var before = Named(call, type, byExternalId: true);
        var sent = new NetSuiteReading(call).Read(type, call.Body());
        if (sent.Text("externalId") is { } name && call.Account.FindExternal(type.Name, name) is { } other && other.Text("id") != before.Text("id"))
            throw NetSuiteRefusal.User("This record already exists");
        return At(call, type, Save(call, type, before, sent, replaceAll: false));
    }

    /// <summary>DELETE /record/v1/{type}/{id or eid:}</summary>
    public static ErpAnswer Delete(NetSuiteCall call)
    {
        var type = Writable(call);
        var row = Named(call, type, byExternalId: true);
        Unlocked(row);
        type.Delete?.Invoke(call, row);
        call.Account.Remove(type.Name, row.Text("id")!);
        return NetSuiteAnswer.Nothing();
    }

    /// <summary>GET /record/v1/{type}/{id}</summary>
    public static ErpAnswer Get(NetSuiteCall call)
    {
        var type = Known(call);
        return NetSuiteAnswer.Of(NetSuiteView.Of(call, type, Named(call, type, call.Settings.GetByExternalId)));
    }

    /// <summary>GET /record/v1/{type}/{id}/{list or part}</summary>
    public static ErpAnswer GetPart(NetSuiteCall call)
    {
        var type = Known(call);
        var name = call.Request.Route["part"];
        var field = type.Fields.FirstOrDefault(one => one.Name == name && one.Form is NetSuiteForm.List or NetSuiteForm.Part) ?? throw NetSuiteRefusal.NotThere($"{type.Name} has no {name}.");
        var part = Named(call, type, call.Settings.GetByExternalId)[name];
        return NetSuiteAnswer.Of(field.Form == NetSuiteForm.Part ? part?.DeepClone() ?? new JsonObject() : NetSuiteView.Whole(part ?? NetSuiteJson.List([])));
    }

    /// <summary>Creates or changes a record.</summary>
    public static JsonObject Save(NetSuiteCall call, NetSuiteType type, JsonObject? before, JsonObject sent, bool replaceAll)
    {
        if (before is not null)
            Unlocked(before);
        var replaced = call.Request.Query["replace"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (replaced.FirstOrDefault(name => type.Fields.All(field => field.Name != name || field.Form != NetSuiteForm.List)) is { } stranger)
            throw NetSuiteRefusal.Query("replace", $"There is no list {stranger} in {type.Name}.");
        var row = (JsonObject?)before?.DeepClone() ?? [];
        foreach (var (name, value) in sent)
        {
            var list = type.Fields.Any(field => field.Name == name && field.Form == NetSuiteForm.List);
            row[name] = list && value is not null && !(replaceAll || replaced.Contains(name) || name == "taxDetails") ? Merged(row, name, value) : value?.DeepClone();
        }

        row[Kind] = type.Name;
        type.Write!(call, new JsonRecord(type, row, before, sent));
        return call.Account.Put(type.Name, row, call.Now);
    }

    /// <summary>The kind of record that the address names, which the role may read.</summary>
    public static NetSuiteType Known(NetSuiteCall call)
    {
        var type = NetSuiteTypes.Find(call.Request.Route["type"]) ?? throw NetSuiteRefusal.NotThere($"There is no record {call.Request.Route["type"]}.");
        call.Permitted(type.Name);
        return type;
    }

    /// <summary>The record that the address names.</summary>
    public static JsonObject Named(NetSuiteCall call, NetSuiteType type, bool byExternalId)
    {
        var key = call.Request.Route["key"];
        return (key.StartsWith(External, StringComparison.Ordinal)
            ? byExternalId ? call.Account.FindExternal(type.Name, key[External.Length..]) : null
            : call.Account.Find(type.Name, key)) ?? throw NetSuiteRefusal.NotThere($"{type.Name} {key}");
    }

    /// <summary>Where a record is.</summary>
    public static ErpAnswer At(NetSuiteCall call, NetSuiteType type, JsonObject row) => NetSuiteAnswer.At($"{call.Services}/record/v1/{type.Name}/{row.Text("id")}");

    private static NetSuiteType Writable(NetSuiteCall call)
    {
        var type = Known(call);
        return type.Write is not null ? type : throw NetSuiteRefusal.User($"Records of the kind {type.Name} cannot be written by this call");
    }

    // Jobs are not imitated; a caller that asks for one must not think that it has one.
    private static void Synchronous(NetSuiteCall call)
    {
        if (call.Request.Header("Prefer")?.Contains("respond-async", StringComparison.OrdinalIgnoreCase) == true)
            throw NetSuiteRefusal.Content("This stand-in has no asynchronous calls.");
    }

    private static void Unlocked(JsonObject row)
    {
        if (row.Is(NetSuiteView.Locked))
            throw NetSuiteRefusal.User("This record has been locked by a user defined workflow");
    }

    // A row that names one that is there changes it; every other row is added.
    private static JsonObject Merged(JsonObject row, string name, JsonNode sent)
    {
        var rows = row.Items(name).Select(one => (JsonObject)one.DeepClone()).ToList();
        foreach (var one in ((JsonNode)new JsonObject { [name] = sent.DeepClone() }).Items(name))
        {
            if (rows.FirstOrDefault(held => Same(held, one, "lineUniqueKey") || Same(held, one, "line") || (one["doc"] is not null && held.RefId("doc") == one.RefId("doc"))) is not { } changed)
            {
                rows.Add((JsonObject)one.DeepClone());
                continue;
            }

            // What follows from what is changed is worked out again.
            if ((one.ContainsKey("quantity") || one.ContainsKey("rate") || one.ContainsKey("price") || one.ContainsKey("item")) && !one.ContainsKey("amount"))
                changed.Remove("amount");
            foreach (var (field, value) in one)
                changed[field] = value?.DeepClone();
        }

        return NetSuiteJson.List(rows);
    }

    private static bool Same(JsonObject held, JsonObject sent, string key) => sent.Figure(key) is { } number && held.Figure(key) == number;

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Plain();
}

/// <summary>How a record is shown. rules.md, "Records".</summary>
internal static class NetSuiteView
{
    /// <summary>Fields of a record that nobody outside sees begin so.</summary>
    public const char Hidden = '_';

    /// <summary>Says that a workflow has locked it.</summary>
    public const string Locked = "_locked";

    /// <summary>The record as the query of the call asks for it.</summary>
    public static JsonObject Of(NetSuiteCall call, NetSuiteType type, JsonObject row)
    {
        var wanted = call.Request.Query["fields"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (wanted.FirstOrDefault(name => !Has(call, type, name)) is { } stranger)
            throw NetSuiteRefusal.Query("fields", $"There is no field {stranger} in {type.Name}.");
        var whole = string.Equals(call.Request.Query["expandSubResources"], "true", StringComparison.OrdinalIgnoreCase);
        var address = $"{call.Services}/record/v1/{type.Name}/{row.Text("id")}";
        var shown = new JsonObject { ["links"] = Links(address), ["id"] = row.Text("id") };
        foreach (var (name, value) in row.Where(field => field.Key[0] != Hidden && field.Value is not null && (wanted.Length == 0 || wanted.Contains(field.Key))))
        {
            var list = type.Fields.FirstOrDefault(field => field.Name == name) is { Form: NetSuiteForm.List or NetSuiteForm.Part };
            shown[name] = list && !whole ? new JsonObject { ["links"] = Links($"{address}/{name}") } : Whole(value!);
        }

        return shown;
    }

    /// <summary>A list with how many rows it has; anything else as it is.</summary>
    public static JsonNode Whole(JsonNode value)
    {
        var shown = value.DeepClone();
        if (shown is JsonObject rows && rows["items"] is JsonArray items)
            (rows["totalResults"], rows["count"], rows["hasMore"]) = (items.Count, items.Count, false);
        return shown;
    }

    /// <summary>Where something is, as answers say it.</summary>
    public static JsonArray Links(string address) => new(new JsonObject { ["rel"] = "self", ["href"] = address });

    private static bool Has(NetSuiteCall call, NetSuiteType type, string name) => name is "id" or "lastModifiedDate" or "dateCreated"
        || type.Fields.Any(field => field.Name == name) || (name.StartsWith(type.Custom, StringComparison.Ordinal) && call.Settings.CustomFields.Contains(name));
}
