using System.Collections.Concurrent;
using OrderSync.Framework;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>A document in the recording ERP.</summary>
internal sealed record RecordedDocument(string Id, string Kind, Guid RecordId, string Number, decimal? Total, string Status);

/// <summary>A call that reached the recording ERP.</summary>
internal sealed record RecordedCall(string Name, Guid RecordId, string Account, DateTimeOffset At);

/// <summary>
/// A small ERP that lives in the test: it knows no key of ours, so the same create twice makes two documents. A test sets what is to go wrong.
/// </summary>
internal sealed class RecordingErp(TimeProvider time)
{
    private readonly ConcurrentQueue<RecordedDocument> created = new();
    private readonly ConcurrentDictionary<string, RecordedDocument> documents = new();
    private readonly ConcurrentDictionary<string, Shelf> shelves = new();
    private readonly ConcurrentDictionary<string, int> busy = new();
    private readonly ConcurrentDictionary<string, int> peaks = new();
    private int next;

    /// <summary>Runs when a call arrives, before it has any effect. Names: look, create, confirm.</summary>
    public Func<RecordedCall, Task> Arriving { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs when a call has had its effect, before it is answered.</summary>
    public Func<RecordedCall, Task> Answering { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<RecordedCall> Calls { get; } = new();

    /// <summary>Everything ever created, twins too.</summary>
    public IReadOnlyList<RecordedDocument> Created => [.. created.Select(document => documents[document.Id])];

    /// <summary>Most calls at once by account.</summary>
    public IReadOnlyDictionary<string, int> Peaks => peaks;

    public IEnumerable<RecordedCall> CallsNamed(string name) => Calls.Where(call => call.Name == name);

    public Task<RecordedDocument?> FindAsync(string account, Guid recordId) =>
        CallAsync("look", account, recordId, () => documents.Values.FirstOrDefault(document => document.RecordId == recordId));

    public Task<RecordedDocument> CreateAsync(string account, string kind, Guid recordId, string number, decimal? total) =>
        CallAsync("create", account, recordId, () => Create(kind, recordId, number, total));

    public Task<RecordedDocument> ConfirmAsync(string account, string id) =>
        CallAsync("confirm", account, documents[id].RecordId, () => documents[id] = documents[id] with { Status = "confirmed" });

    /// <summary>Whether documents need a token.</summary>
    public bool NeedsToken { get; set; }

    /// <summary>Whether it can void; a person must where it cannot.</summary>
    public bool Voids { get; set; } = true;

    public Task<IReadOnlyList<Found>?> FindAllAsync(string account, Guid recordId) => CallAsync<IReadOnlyList<Found>?>(
        "look all", account, recordId,
        () => [.. Created.Where(document => document.RecordId == recordId && document.Status != "void").Select(document => new Found(document.Id, document.Number))]);

    public Task<bool> VoidAsync(string account, string id) => CallAsync("void", account, documents[id].RecordId, () =>
    {
        if (Voids)
            documents[id] = documents[id] with { Status = "void" };
        return Voids;
    });

    /// <summary>What it has of a collection; all accounts have the same.</summary>
    public Shelf Shelf(string collection) => shelves.GetOrAdd(collection, _ => new Shelf());

    /// <summary>Reads a collection page by page; each page is a call of the collection's name.</summary>
    public async IAsyncEnumerable<PulledPage<T>> PullAsync<T>(string account, string collection, string? from) where T : class
    {
        for (var more = true; more;)
        {
            PulledPage<T>? page = null;
            await OutboundCall.MakeAsync("READ", collection, from ?? "", async () =>
                page = await CallAsync(collection, account, Guid.Empty, () => Shelf(collection).Page<T>(from, out more)), CancellationToken.None);
            from = page!.Cursor;
            yield return page;
        }
    }

    /// <summary>What a request does that takes effect late, long after its sender has given up.</summary>
    public RecordedDocument Create(string kind, Guid recordId, string number, decimal? total)
    {
        var document = new RecordedDocument($"E{Interlocked.Increment(ref next)}", kind, recordId, number, total, "draft");
        documents[document.Id] = document;
        created.Enqueue(document);
        return document;
    }

    private async Task<T> CallAsync<T>(string name, string account, Guid recordId, Func<T> effect)
    {
        var call = new RecordedCall(name, recordId, account, time.GetUtcNow());
        Calls.Enqueue(call);
        var atOnce = busy.AddOrUpdate(account, 1, (_, count) => count + 1);
        peaks.AddOrUpdate(account, atOnce, (_, peak) => Math.Max(peak, atOnce));
        try
        {
            await Arriving(call);
            var result = effect();
            await Answering(call);
            return result;
        }
        finally
        {
            busy.AddOrUpdate(account, 0, (_, count) => count - 1);
        }
    }
}
