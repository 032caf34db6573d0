using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>What an app needs to act for a company, and when its refresh token last changed.</summary>
internal sealed record QuickBooksCredentials(string ClientId, string ClientSecret, string RefreshToken, DateTimeOffset Given, string? Previous = null)
{
    public static readonly QuickBooksCredentials None = new("", "", "", DateTimeOffset.MinValue);
}

/// <summary>The first answer to a requestid; it is given again to every repeat.</summary>
internal sealed record QuickBooksAnswered(string RequestId, int Status, string Body, string? RefusedCode);

/// <summary>A row of a company as the journal keeps it.</summary>
internal sealed record QuickBooksRow(string Entity, JsonObject Row);

/// <summary>A row that was deleted.</summary>
internal sealed record QuickBooksDeleted(string Entity, string Id, DateTimeOffset At);

/// <summary>One company file: settings, credentials, rows of every kind, and what was answered to which requestid. Its caller holds <see cref="Gate"/>.</summary>
internal sealed class QuickBooksCompany(string id, Journal journal)
{
    private const string Key = "Id";
    private readonly Dictionary<string, Dictionary<string, JsonObject>> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QuickBooksAnswered> answered = new(StringComparer.Ordinal);
    private readonly List<QuickBooksDeleted> deleted = [];
    private long lastId;

    public Lock Gate { get; } = new();

    public string Id => id;

    public QuickBooksSettings Settings { get; private set; } = new();

    public QuickBooksCredentials Credentials { get; private set; } = QuickBooksCredentials.None;

    public QuickBooksBudget Budget { get; } = new();

    public IReadOnlyList<QuickBooksDeleted> Deleted => deleted;

    public IEnumerable<JsonObject> All(string entity) => tables.TryGetValue(entity, out var rows) ? rows.Values : [];

    public JsonObject? Find(string entity, string? rowId) => rowId is not null && tables.TryGetValue(entity, out var rows) ? rows.GetValueOrDefault(rowId) : null;

    public QuickBooksAnswered? AnsweredTo(string requestId) => answered.GetValueOrDefault(requestId);

    public void Put(QuickBooksSettings settings) => Keep(settings);

    public void Put(QuickBooksCredentials credentials) => Keep(credentials);

    public void Remember(QuickBooksAnswered answer) => Keep(answer);

    /// <summary>Puts a row in place, with a new SyncToken and time of change, and returns it.</summary>
    public JsonObject Put(string entity, JsonObject row, DateTimeOffset now, bool changes = true)
    {
        var before = Find(entity, row.Text(Key));
        row[Key] ??= (lastId + 1).ToString(CultureInfo.InvariantCulture);
        row["domain"] = "QBO";
        row["sparse"] = false;
        if (changes || before is null)
        {
            row["SyncToken"] = before is null ? "0" : (long.Parse(before.Text("SyncToken")!, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
            row["MetaData"] = new JsonObject
            {
                ["CreateTime"] = before?["MetaData"].Text("CreateTime") ?? QuickBooksJson.Time(now), ["LastUpdatedTime"] = QuickBooksJson.Time(now),
            };
        }

        Keep(new QuickBooksRow(entity, row));
        return row;
    }

    /// <summary>Takes a row out; changes since then say so.</summary>
    public void Remove(string entity, string rowId, DateTimeOffset now) => Keep(new QuickBooksDeleted(entity, rowId, now));

    /// <summary>Takes one change in: a new one, or a kept one after a restart.</summary>
    public void Take(object change)
    {
        switch (change)
        {
            case QuickBooksSettings settings:
                Settings = settings;
                break;
            case QuickBooksCredentials credentials:
                Credentials = credentials;
                break;
            case QuickBooksAnswered answer:
                answered[answer.RequestId] = answer;
                break;
            case QuickBooksDeleted gone:
                if (tables.TryGetValue(gone.Entity, out var rows) && rows.Remove(gone.Id))
                    deleted.Add(gone);
                break;
            case QuickBooksRow { Entity: var entity, Row: var row }:
                if (!tables.TryGetValue(entity, out var table))
                    tables[entity] = table = new(StringComparer.Ordinal);
                table[row.Text(Key)!] = row;
                lastId = Math.Max(lastId, long.TryParse(row.Text(Key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
                break;
        }
    }

    private void Keep(object change)
    {
        Take(change);
        journal.Append(QuickBooksKinds.Of(change), id, change, QuickBooksJson.Options);
    }
}
