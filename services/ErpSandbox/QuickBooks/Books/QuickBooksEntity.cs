using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>A kind of rows: what they are called, which fields they have, and what becomes of one that is written.</summary>
/// <param name="Name">As JSON and queries spell it; addresses have it in small letters.</param>
/// <param name="Fields">What may be sent of it.</param>
/// <param name="Filters">What queries may ask for.</param>
/// <param name="Write">Checks and completes a row, whose earlier self may be there.</param>
internal sealed record QuickBooksEntity(string Name, IReadOnlySet<string> Fields, IReadOnlySet<string> Filters, Action<QuickBooksCall, JsonObject, JsonObject?>? Write = null)
{
    private static readonly string[] Own = ["Id", "SyncToken", "sparse", "domain", "MetaData"];

    /// <summary>Whether it can be made inactive; queries show active ones only, unless they say otherwise.</summary>
    public bool HasActive { get; init; }

    /// <summary>Whether a caller may take it out, and what else that changes.</summary>
    public Action<QuickBooksCall, JsonObject>? Delete { get; init; }

    /// <summary>How it is made void; null where it cannot be.</summary>
    public Action<QuickBooksCall, JsonObject>? Void { get; init; }

    /// <summary>Whether what changed of it can be asked for.</summary>
    public bool InChanges { get; init; } = true;

    /// <summary>Whether a caller may write it at all.</summary>
    public bool Writable => Write is not null;

    public bool Knows(string field) => Fields.Contains(field) || Own.Contains(field);
}

/// <summary>Creates, changes, deletes and voids rows of any kind. rules.md, "Operations".</summary>
internal static class QuickBooksRows
{
    /// <summary>POST /{entity}</summary>
    public static ErpAnswer Post(QuickBooksCall call, QuickBooksEntity entity)
    {
        if (!entity.Writable)
            throw QuickBooksRefusal.Unsupported($"create of {entity.Name}");
        var sent = Body(call.Request);
        return call.Request.Query["operation"].ToString() switch
        {
            "" => Answer(Put(call, entity, sent)),
            "update" => Answer(Put(call, entity, sent)),
            "delete" when entity.Delete is { } delete => Delete(delete),
            "void" when entity.Void is { } make => Answer(Void(make)),
            var other => throw QuickBooksRefusal.Unsupported($"{other} of {entity.Name}"),
        };

        ErpAnswer Answer(JsonObject row) => QuickBooksAnswer.Of(entity.Name, row, call.Now);

        ErpAnswer Delete(Action<QuickBooksCall, JsonObject> also)
        {
            var row = Current(call, entity, sent);
            also(call, row);
            call.Company.Remove(entity.Name, row.Text("Id")!, call.Now);
            return QuickBooksAnswer.Of(entity.Name, new JsonObject { ["status"] = "Deleted", ["domain"] = "QBO", ["Id"] = row.Text("Id") }, call.Now);
        }

        JsonObject Void(Action<QuickBooksCall, JsonObject> make)
        {
            var row = (JsonObject)Current(call, entity, sent).DeepClone();
            make(call, row);
            return call.Company.Put(entity.Name, row, call.Now);
        }
    }

    /// <summary>GET /{entity}/{id}</summary>
    public static ErpAnswer Get(QuickBooksCall call, QuickBooksEntity entity) =>
        QuickBooksAnswer.Of(entity.Name, call.Company.Find(entity.Name, call.Request.Route["id"]) ?? throw QuickBooksRefusal.NotFound($"{entity.Name} {call.Request.Route["id"]}"), call.Now);

    /// <summary>Writes a row: a new one, or with Id and SyncToken a change of one.</summary>
    public static JsonObject Put(QuickBooksCall call, QuickBooksEntity entity, JsonObject sent)
    {
        if (sent.Select(field => field.Key).FirstOrDefault(name => !entity.Knows(name)) is { } stranger)
            throw QuickBooksRefusal.Unknown(stranger);
        var before = sent.ContainsKey("Id") ? Current(call, entity, sent) : null;
        var row = before is not null && sent.Is("sparse") ? (JsonObject)before.DeepClone() : new JsonObject();
        foreach (var (name, value) in sent)
            row[name] = value?.DeepClone();
        // What QuickBooks reckons itself is not cleared by a caller who leaves it out.
        foreach (var name in (string[])["LinkedTxn", "Balance", "QtyOnHand"])
        {
            if (before?[name] is { } kept && !row.ContainsKey(name))
                row[name] = kept.DeepClone();
        }

        if (entity.HasActive)
            row["Active"] ??= true;
        entity.Write!(call, row, before);
        return call.Company.Put(entity.Name, row, call.Now);
    }

    /// <summary>The row that a reference names, which must be there and active.</summary>
    public static JsonObject Named(QuickBooksCall call, string entity, JsonNode? row, string field)
    {
        var id = row.Ref(field) ?? throw QuickBooksRefusal.Missing(field);
        var found = call.Company.Find(entity, id) ?? throw QuickBooksRefusal.BadReference(field);
        return found["Active"] is null || found.Is("Active") ? found : throw QuickBooksRefusal.NotFound($"{entity} {id}");
    }

    /// <summary>Refuses a text that is too long.</summary>
    public static void AtMost(JsonNode? row, string name, int most, string? called = null)
    {
        if (row.Text(name) is { } text && text.Length > most)
            throw QuickBooksRefusal.TooLong(called ?? name, most);
    }

    private static JsonObject Current(QuickBooksCall call, QuickBooksEntity entity, JsonObject sent)
    {
        var row = call.Company.Find(entity.Name, sent.Text("Id")) ?? throw QuickBooksRefusal.NotFound($"{entity.Name} {sent.Text("Id")}");
        return sent.Text("SyncToken") is not { } token ? throw QuickBooksRefusal.Missing("SyncToken")
            : token == row.Text("SyncToken") ? row
            : throw new QuickBooksRefusal(400, "5010", "Stale Object Error", "Stale Object Error : You and somebody else were working on this at the same time.");
    }

    private static JsonObject Body(ErpRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body.Span) as JsonObject ?? throw QuickBooksRefusal.Missing("body");
        }
        catch (System.Text.Json.JsonException)
        {
            throw QuickBooksRefusal.Unsupported("of a body that is no JSON in UTF-8");
        }
    }
}
