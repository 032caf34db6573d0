namespace OrderSync.Device;

/// <summary>What a device asks the gateway about records it has sent, and tells it of what a person decided.</summary>
internal sealed class OwnRecordsCall(GatewayCalls gateway, Tokens tokens, Wishes wishes)
{
    private const int MostIds = 10_000;

    private sealed record Reconciled(IReadOnlyList<RecordStanding>? Records, DateTimeOffset ServerTime);

    private sealed record Listed(IReadOnlyList<AttentionItem>? Items, string? Next);

    private sealed record Done([property: System.Text.Json.Serialization.JsonPropertyName("done")] int? Count, IReadOnlyList<System.Text.Json.JsonElement>? Verdicts, long Left, string? Next);

    /// <summary>Null: the gateway has heard all. Else that it said nothing, or does not know this device.</summary>
    public async Task<Answer<bool>?> TellAsync(CancellationToken stop)
    {
        while (wishes.Untold is [var first, ..] untold)
        {
            var alike = untold.Where(wish => wish.Verb == first.Verb).ToList();
            var answer = await PostAsync<Done>($"v1/sync/attention/{first.Verb}", new { ids = alike.Select(wish => wish.Id) }, stop).ConfigureAwait(false);
            if (answer is Answer<Done>.None or Answer<Done>.Refused { Status: 401 })
                return answer.As<bool>();
            // A log-in page of something in between may answer 200 as well.
            if (answer is Answer<Done>.Given { Value.Count: null })
                return new Answer<bool>.None("The gateway's answer about what was given up is not complete.", Reached: true);
            // Whatever an older gateway says to it holds up no record.
            wishes.Told(alike);
        }

        return null;
    }

    /// <summary>How records stand, asked ten thousand at a time.</summary>
    public async Task<Answer<(List<RecordStanding> Records, DateTimeOffset At)>> ReconcileAsync(IReadOnlyList<Guid> ids, CancellationToken stop)
    {
        var (records, at) = (new List<RecordStanding>(), default(DateTimeOffset));
        foreach (var part in ids.Chunk(MostIds).DefaultIfEmpty([]))
        {
            var answer = await PostAsync<Reconciled>("v1/sync/reconcile", new { ids = part }, stop).ConfigureAwait(false);
            if (answer is not Answer<Reconciled>.Given { Value: var heard })
                return answer.As<(List<RecordStanding>, DateTimeOffset)>();
            if (heard.Records is null || !heard.Records.Select(record => record.Id).SequenceEqual(part))
                return new Answer<(List<RecordStanding>, DateTimeOffset)>.None("The gateway's answer about the records is not complete.", Reached: true);
            records.AddRange(heard.Records);
            at = heard.ServerTime;
        }

        return new Answer<(List<RecordStanding>, DateTimeOffset)>.Given((records, at), at);
    }

    /// <summary>What needs somebody, page by page.</summary>
    public async Task<Answer<List<AttentionItem>>> AttentionAsync(string? reason, CancellationToken stop)
    {
        var items = new List<AttentionItem>();
        for (string? after = null; ;)
        {
            var query = string.Join('&', new[] { ("reason", reason), ("after", after), ("limit", "500") }.Where(one => one.Item2 is not null).Select(one => $"{one.Item1}={Uri.EscapeDataString(one.Item2!)}"));
            var answer = await tokens.UseAsync((token, end) => gateway.GetAsync<Listed>(token, $"v1/sync/attention?{query}", end), stop).ConfigureAwait(false);
            if (answer is not Answer<Listed>.Given { Value: var page })
                return answer.As<List<AttentionItem>>();
            if (page.Items is null)
                return new Answer<List<AttentionItem>>.None("The gateway's list is not complete.", Reached: true);
            items.AddRange(page.Items);
            if (page.Next is null)
                return new Answer<List<AttentionItem>>.Given(items, null);
            after = page.Next;
        }
    }

    /// <summary>Tries everything of this device again, as many calls as it takes.</summary>
    public async Task<Answer<(RetryReport Report, List<HeardVerdict> Verdicts)>> RetryErroredAsync(CancellationToken stop)
    {
        var (done, verdicts) = (0, new List<HeardVerdict>());
        for (var after = ""; ;)
        {
            var answer = await PostAsync<Done>($"v1/sync/retry-errored{after}", new { }, stop).ConfigureAwait(false);
            if (answer is not Answer<Done>.Given { Value: var heard })
                return answer.As<(RetryReport, List<HeardVerdict>)>();
            if (heard.Count is not { } count)
                return new Answer<(RetryReport, List<HeardVerdict>)>.None("The gateway's answer is not complete.", Reached: true);
            done += count;
            verdicts.AddRange((heard.Verdicts ?? []).Select(Heard).OfType<HeardVerdict>());
            if (heard.Next is null)
                return new Answer<(RetryReport, List<HeardVerdict>)>.Given((new RetryReport(done, heard.Left), verdicts), null);
            after = $"?after={Uri.EscapeDataString(heard.Next)}";
        }
    }

    /// <summary>How the gateway has this device.</summary>
    public Task<Answer<ServerStatus>> StatusAsync(string? cursor, CancellationToken stop) => tokens.UseAsync(
        (token, end) => gateway.GetAsync<ServerStatus>(token, cursor is null ? "v1/sync/status" : $"v1/sync/status?cursor={Uri.EscapeDataString(cursor)}", end), stop);

    private Task<Answer<T>> PostAsync<T>(string path, object body, CancellationToken stop) => tokens.UseAsync((token, end) => gateway.PostAsync<T>(token, path, body, end), stop);

    private static HeardVerdict? Heard(System.Text.Json.JsonElement received) =>
        Verdict.Read(received) is { Id: { } id } verdict ? new HeardVerdict(id, verdict, received.GetRawText(), null) : null;
}
